package nary.fleet.balancer;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException.Kind;
import nary.fleet.balancer.BalancerSpec.Call;
import org.jspecify.annotations.Nullable;

/** Requests of the configuration, filled in for a server. What comes from the environment is a secret: no message shows it. */
final class Calls implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_SHOWN = 200;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)(?::([A-Za-z_][A-Za-z0-9_]*))?}");
    private static final int SERVER_ERROR = 500;

    private final String balancer;
    private final Function<String, @Nullable String> environment;
    private @Nullable HttpClient client;

    /** @param environment a variable's value, or null */
    Calls(String balancer, Function<String, @Nullable String> environment) {
        this.balancer = balancer;
        this.environment = environment;
    }

    /** An order: its answer must be the expected one. */
    void make(Call call, Host host) throws BalancerException, InterruptedException {
        HttpResponse<String> answer = send(call, host);
        if (isExpected(call, answer)) return;
        throw new BalancerException(answer.statusCode() == 401 || answer.statusCode() == 403 ? Kind.DENIED : Kind.FAILED, about(call) + " answered " + shown(answer, call, host));
    }

    /**
     * A question. Where the body tells, the status must be as expected, or a mistyped address would mean no; where the status tells, an error of
     * the server is no answer.
     */
    boolean holds(Call call, Host host) throws BalancerException, InterruptedException {
        HttpResponse<String> answer = send(call, host);
        if (isExpected(call, answer)) return true;
        boolean isAnswer = call.expect().isPresent() ? isExpectedStatus(call, answer) : answer.statusCode() < SERVER_ERROR || !call.statuses().isEmpty();
        if (!isAnswer) throw new BalancerException(Kind.UNREACHABLE, about(call) + " answered " + shown(answer, call, host));
        return false;
    }

    private HttpResponse<String> send(Call call, Host host) throws BalancerException, InterruptedException {
        HttpRequest request = request(call, host);
        try {
            return client().send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BalancerException(Kind.UNREACHABLE, about(call) + ": " + reason(e));
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? "no connection" : message;
    }

    private synchronized HttpClient client() {
        if (client == null) client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        return client;
    }

    private HttpRequest request(Call call, Host host) throws BalancerException {
        String url = fill(call.url(), host, Calls::encoded);
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT);
            for (Map.Entry<String, String> header : call.headers().entrySet()) request.header(header.getKey(), fill(header.getValue(), host, it -> it));
            Optional<String> body = call.body();
            var publisher = body.isPresent() ? HttpRequest.BodyPublishers.ofString(fill(body.get(), host, Calls::inJson)) : HttpRequest.BodyPublishers.noBody();
            return request.method(call.method(), publisher).build();
        } catch (IllegalArgumentException e) {
            throw new BalancerException(Kind.FAILED, about(call) + " is no request that can be sent: correct its method, address or headers");
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String inJson(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private String fill(String template, Host host, UnaryOperator<String> encoding) throws BalancerException {
        var text = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(template);
        int end = 0;
        while (matcher.find()) {
            Optional<String> value = value(matcher, host);
            if (value.isEmpty()) continue;
            text.append(template, end, matcher.start()).append(encoding.apply(value.get()));
            end = matcher.end();
        }
        return text.append(template, end, template.length()).toString();
    }

    /** Empty: it is no placeholder of ours, e.g. a part of JSON. */
    private Optional<String> value(Matcher placeholder, Host host) throws BalancerException {
        if (placeholder.group(2) != null && placeholder.group(1).equals("env")) return Optional.of(secret(placeholder.group(2)));
        return switch (placeholder.group()) {
            case "{name}" -> Optional.of(host.name());
            case "{address}" -> Optional.of(host.address());
            case "{behind}" -> Optional.of(host.behind().orElse(host.name()));
            case "{weight}" -> Optional.of(Integer.toString(host.weight()));
            default -> Optional.empty();
        };
    }

    private String secret(String variable) throws BalancerException {
        String value = environment.apply(variable);
        if (value == null) throw new BalancerException(Kind.FAILED, balancer + ": the environment has no " + variable + ", which a request needs: export it");
        return value;
    }

    private static boolean isExpectedStatus(Call call, HttpResponse<String> answer) {
        int status = answer.statusCode();
        return call.statuses().isEmpty() ? status >= 200 && status < 300 : call.statuses().contains(status);
    }

    private static boolean isExpected(Call call, HttpResponse<String> answer) {
        return isExpectedStatus(call, answer) && (call.expect().isEmpty() || Pattern.compile(call.expect().get()).matcher(answer.body()).find());
    }

    /** As configured, not as filled in. */
    private String about(Call call) {
        return balancer + ": " + call.method() + " " + call.url();
    }

    private String shown(HttpResponse<String> answer, Call call, Host host) throws BalancerException {
        String body = answer.body().strip().replaceAll("\\s+", " ");
        for (String secret : secrets(call)) if (!secret.isEmpty()) body = body.replace(secret, "***");
        String cut = body.length() > MOST_SHOWN ? body.substring(0, MOST_SHOWN) + "…" : body;
        return answer.statusCode() + (cut.isEmpty() ? "" : " " + cut) + " for " + host.name();
    }

    private List<String> secrets(Call call) throws BalancerException {
        List<String> templates = new ArrayList<>(call.headers().values());
        templates.add(call.url());
        call.body().ifPresent(templates::add);
        List<String> secrets = new ArrayList<>();
        for (String template : templates) {
            Matcher matcher = PLACEHOLDER.matcher(template);
            while (matcher.find()) if ("env".equals(matcher.group(1)) && matcher.group(2) != null) secrets.add(secret(matcher.group(2)));
        }
        return secrets;
    }

    @Override
    public synchronized void close() {
        if (client != null) client.shutdownNow();
    }
}
