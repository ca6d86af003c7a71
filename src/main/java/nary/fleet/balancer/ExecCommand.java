package nary.fleet.balancer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import nary.config.Durations;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException.Kind;

/** Any command of the operator's machine. */
record ExecCommand(BalancerSpec.Exec spec) implements Switch {
    private static final Duration LEAST_LIMIT = Duration.ofMinutes(1);
    private static final int MOST_READ = 64 * 1024;

    private record Ended(int exit, String last) {}

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public void out(Host host) throws BalancerException, InterruptedException {
        order(spec.out(), "out", host);
    }

    @Override
    public void in(Host host) throws BalancerException, InterruptedException {
        order(spec.in(), "in", host);
    }

    @Override
    public Optional<Boolean> isIn(Host host) throws BalancerException, InterruptedException {
        if (spec.probe().isEmpty()) return Optional.empty();
        Ended ended = run(spec.probe().get(), "probe", host);
        if (ended.exit() > 1) throw failed(spec.probe().get(), "probe", host, ended);
        return Optional.of(ended.exit() == 0);
    }

    private void order(List<String> command, String action, Host host) throws BalancerException, InterruptedException {
        Ended ended = run(command, action, host);
        if (ended.exit() != 0) throw failed(command, action, host, ended);
    }

    private BalancerException failed(List<String> command, String action, Host host, Ended ended) {
        String reason = ended.last().isEmpty() ? "" : ": " + ended.last();
        return new BalancerException(Kind.FAILED, name() + ": " + command.getFirst() + " (" + action + " " + host.name() + ") exited with " + ended.exit() + reason);
    }

    /** Its output goes to a file, so that what it leaves running holds up nobody. */
    private Ended run(List<String> command, String action, Host host) throws BalancerException, InterruptedException {
        try {
            Path said = Files.createTempFile("nary-balancer-", ".out");
            try {
                var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).redirectInput(Path.of("/dev/null").toFile());
                builder.environment().putAll(facts(action, host));
                int exit = await(builder.start(), command, action, host);
                return new Ended(exit, last(said));
            } finally {
                Files.deleteIfExists(said);
            }
        } catch (BalancerException e) {
            throw e;
        } catch (IOException e) {
            throw new BalancerException(Kind.FAILED, name() + ": " + command.getFirst() + " cannot be run: " + e.getMessage(), e);
        }
    }

    private int await(Process process, List<String> command, String action, Host host) throws BalancerException, InterruptedException {
        Duration limit = spec.waitSeconds().compareTo(LEAST_LIMIT) > 0 ? spec.waitSeconds() : LEAST_LIMIT;
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) return process.exitValue();
            throw new BalancerException(Kind.FAILED, name() + ": " + command.getFirst() + " (" + action + " " + host.name() + ") did not end within " + Durations.text(limit));
        } finally {
            if (process.isAlive()) end(process);
        }
    }

    /** A look at all processes of this machine: not for one that has ended. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private Map<String, String> facts(String action, Host host) {
        return Map.of(
                "NARY_BALANCER", name(),
                "NARY_ACTION", action,
                "NARY_SERVER", host.name(),
                "NARY_ADDRESS", host.address(),
                "NARY_BEHIND", host.behind().orElse(host.name()),
                "NARY_WEIGHT", Integer.toString(host.weight()));
    }

    private static String last(Path said) throws IOException {
        try (var in = Files.newInputStream(said)) {
            in.skipNBytes(Math.max(0, Files.size(said) - MOST_READ));
            return new String(in.readNBytes(MOST_READ), StandardCharsets.UTF_8).strip().lines().reduce((_, line) -> line).orElse("").strip();
        }
    }

    @Override
    public void close() {}
}
