package nary.fleet.balancer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import nary.config.Durations;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException.Kind;
import nary.fleet.balancer.HaproxyTable.Row;
import nary.fleet.ssh.LocalSocket;
import nary.fleet.ssh.Remotes;

/**
 * HAProxy's Runtime API. A server is the entry that has its name, or its {@code behind} as name or address, in each configured backend.
 *
 * <p>The way back goes through {@code drain}, in which HAProxy checks a server but sends it nothing: from {@code maint} straight to {@code
 * ready} it would send at once, even to a dead process.
 */
final class Haproxy implements LoadBalancer {
    private static final Duration TALK_LIMIT = Duration.ofSeconds(10);

    /** Samples without a request under way, one after the other. */
    private static final int IDLE_SAMPLES = 3;

    private final BalancerSpec.Haproxy spec;
    private final Remotes remotes;

    Haproxy(BalancerSpec.Haproxy spec, Remotes remotes) {
        this.spec = spec;
        this.remotes = remotes;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public Standing look(Host host) throws BalancerException, InterruptedException {
        HaproxyTable table = table();
        List<Row> rows = rows(table, host);
        Standing.State state = rows.stream().map(Row::state).max(Haproxy::bySeverity).orElse(Standing.State.UNKNOWN);
        int connections = rows.stream().mapToInt(row -> row.sessions() + row.queued()).sum();
        String text = rows.stream().map(Row::text).distinct().collect(Collectors.joining(", "));
        return new Standing(state, OptionalInt.of(connections), text, table.instance());
    }

    /** Of several backends the one counts in which the server is most in rotation. */
    private static int bySeverity(Standing.State a, Standing.State b) {
        return Integer.compare(exposure(a), exposure(b));
    }

    private static int exposure(Standing.State state) {
        return switch (state) {
            case IN -> 4;
            case DOWN -> 3;
            case DRAINING -> 2;
            case OUT -> 1;
            case UNKNOWN -> 0;
        };
    }

    @Override
    public Optional<Pool> pool(Host host) throws BalancerException, InterruptedException {
        HaproxyTable table = table();
        Pool least = new Pool(Integer.MAX_VALUE, 0);
        for (Row own : rows(table, host)) {
            List<Row> others = table.rows().stream().filter(row -> row.backend().equals(own.backend()) && !row.server().equals(own.server()) && !row.isBackup()).toList();
            List<String> missing = others.stream().filter(row -> !row.isServing()).map(row -> row.server() + " is " + row.text()).toList();
            int up = others.size() - missing.size();
            if (up < least.up()) least = new Pool(up, others.size(), missing);
        }
        return Optional.of(least);
    }

    @Override
    public Prior remember(Host host) throws BalancerException, InterruptedException {
        Map<String, String> facts = new TreeMap<>();
        for (Row row : rows(table(), host)) {
            String order = row.isMaintained() ? "maint" : row.isDrained() ? "drain" : "ready";
            facts.put(row.id(), order + " " + row.weight());
        }
        return new Prior(facts);
    }

    @Override
    public void drain(Host host) throws BalancerException, InterruptedException {
        for (Row row : rows(table(), host)) if (!row.isMaintained() && !row.isDrained()) order(row, "state drain");
    }

    @Override
    public void awaitIdle(Host host, Duration limit) throws BalancerException, InterruptedException {
        Pause pause = Pause.until(limit);
        int idle = 0;
        while (true) {
            int busy = rows(table(), host).stream().mapToInt(row -> row.sessions() + row.queued()).sum();
            idle = busy == 0 ? idle + 1 : 0;
            if (idle >= IDLE_SAMPLES) return;
            if (pause.isOver() && busy > 0)
                throw new BalancerException(Kind.NOT_IDLE, name() + ": " + host.name() + " still has " + busy + " requests under way after " + Durations.text(limit));
            pause.rest();
        }
    }

    @Override
    public void hold(Host host) throws BalancerException, InterruptedException {
        for (Row row : rows(table(), host)) if (!row.isMaintained()) order(row, "state maint");
    }

    @Override
    public boolean isHeld(Host host) throws BalancerException, InterruptedException {
        return rows(table(), host).stream().allMatch(row -> row.isMaintained() || row.isDrained());
    }

    @Override
    public void admit(Host host, Duration limit) throws BalancerException, InterruptedException {
        bringBack(host, _ -> true, limit);
    }

    @Override
    public void restore(Host host, Prior prior, Duration limit) throws BalancerException, InterruptedException {
        for (Row row : rows(table(), host)) {
            String[] before = prior.facts().getOrDefault(row.id(), "ready " + row.weight()).split(" ");
            if (before.length > 1 && !before[1].equals(Integer.toString(row.weight()))) order(row, "weight " + before[1]);
            if (before[0].equals("maint") && !row.isMaintained()) order(row, "state maint");
            if (before[0].equals("drain") && (row.isMaintained() || !row.isDrained())) order(row, "state drain");
        }
        bringBack(host, row -> prior.facts().getOrDefault(row.id(), "ready").startsWith("ready"), limit);
    }

    /** Fail-closed: healthy while drained, then ready, then up; whatever goes wrong leaves it drained. */
    private void bringBack(Host host, Predicate<Row> which, Duration limit) throws BalancerException, InterruptedException {
        Pause pause = Pause.until(limit);
        for (Row row : rows(table(), host, which)) if (!row.isServing() || !row.isFullyUp()) order(row, "state drain");
        await(host, which, row -> row.isServing() || !row.isChecked() || (row.status().equals("DRAIN") && row.hasPassed()), pause, limit);
        try {
            for (Row row : rows(table(), host, which)) if (row.isDrained()) order(row, "state ready");
            await(host, which, Row::isFullyUp, pause, limit);
        } catch (BalancerException | InterruptedException e) {
            for (Row row : rows(table(), host, which)) if (!row.isServing() || !row.isFullyUp()) order(row, "state drain");
            throw e;
        }
    }

    private void await(Host host, Predicate<Row> which, Predicate<Row> is, Pause pause, Duration limit) throws BalancerException, InterruptedException {
        while (true) {
            List<Row> missing = rows(table(), host, which).stream().filter(is.negate()).toList();
            if (missing.isEmpty()) return;
            if (pause.isOver()) {
                String texts = missing.stream().map(row -> row.id() + " is " + row.text()).collect(Collectors.joining(", "));
                throw new BalancerException(Kind.NOT_HEALTHY, name() + ": " + host.name() + " is not up after " + Durations.text(limit) + ": " + texts);
            }
            pause.rest();
        }
    }

    @Override
    public boolean weigh(Host host, int percent) throws BalancerException, InterruptedException {
        if (percent < 0 || percent > Host.MOST_WEIGHT) throw new IllegalArgumentException(percent + " % is not from 0 to " + Host.MOST_WEIGHT);
        for (Row row : rows(table(), host)) {
            boolean isRoundedAway = percent > 0 && row.initialWeight() * percent < 100;
            if (isRoundedAway)
                throw new BalancerException(Kind.FAILED, name() + ": " + percent + " % of the weight " + row.initialWeight() + " of " + row.id() + " is nothing; configure its weight as 100");
            String answer = say("set server " + row.id() + " weight " + percent + "%");
            if (answer.contains("static LB algorithm")) return false;
            check(row.id(), answer);
        }
        return true;
    }

    private void order(Row row, String what) throws BalancerException, InterruptedException {
        check(row.id(), say("set server " + row.id() + " " + what));
    }

    /** Success is silent. */
    private void check(String id, String answer) throws BalancerException {
        if (answer.isBlank()) return;
        String line = answer.strip().lines().findFirst().orElse("");
        if (line.contains("ermission denied")) throw new BalancerException(Kind.DENIED, name() + ": " + spec.socket() + " may only be asked: HAProxy's stats socket needs 'level admin'");
        if (line.startsWith("No such")) throw new BalancerException(Kind.NO_SUCH_SERVER, name() + ": " + id + ": " + line);
        throw new BalancerException(Kind.FAILED, name() + ": " + id + ": " + line);
    }

    private List<Row> rows(HaproxyTable table, Host host, Predicate<Row> which) throws BalancerException {
        return rows(table, host).stream().filter(which).toList();
    }

    private List<Row> rows(HaproxyTable table, Host host) throws BalancerException {
        String known = host.behind().orElse(host.name());
        List<Row> rows = table.rows().stream()
                .filter(row -> spec.backends().isEmpty() || spec.backends().contains(row.backend()))
                .filter(row -> row.server().equalsIgnoreCase(known) || row.address().equalsIgnoreCase(known))
                .toList();
        if (!rows.isEmpty() && spec.backends().stream().allMatch(backend -> rows.stream().anyMatch(row -> row.backend().equals(backend)))) return rows;
        String all = table.rows().stream().map(Row::id).collect(Collectors.joining(", "));
        throw new BalancerException(Kind.NO_SUCH_SERVER, name() + " has no server " + known + where() + "; it has " + (all.isEmpty() ? "none" : all) + ". Give the server its name or address there");
    }

    private String where() {
        return spec.backends().isEmpty() ? "" : " in " + String.join(", ", spec.backends());
    }

    private HaproxyTable table() throws BalancerException, InterruptedException {
        String answer = say(HaproxyTable.QUESTION.strip());
        try {
            return HaproxyTable.parse(answer);
        } catch (IllegalArgumentException e) {
            throw new BalancerException(Kind.UNREACHABLE, name() + ": " + spec.socket() + ": " + e.getMessage(), e);
        }
    }

    private String say(String command) throws BalancerException, InterruptedException {
        try {
            String line = command + "\n";
            return spec.host().isPresent() ? remotes.to(spec.host().get()).talk(spec.socket(), line, TALK_LIMIT) : LocalSocket.talk(spec.socket(), line, TALK_LIMIT);
        } catch (IOException e) {
            throw new BalancerException(Kind.UNREACHABLE, name() + ": HAProxy does not answer: " + e.getMessage() + "; does it run, and may this user use its stats socket?", e);
        }
    }

    /** The links belong to the run. */
    @Override
    public void close() {}
}
