package nary.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What happens, chosen by the seed alone: the same seed makes the same steps, however many of them there is time for. */
final class Plot {
    private static final List<String> STRATEGIES = List.of("surge", "first-ready", "rolling", "replace");
    private static final List<String> BATCHES = List.of("1", "2", "50%", "100%");

    private final Random random;
    private final int port;
    private int version;
    private String appStrategy = "";

    /** How one daemon is started, and its first version. */
    record Start(int workers, String version, List<String> options) {}

    /** @param life each has a sequence of its own, so that the length of one does not change the next */
    Plot(long seed, int life, int port) {
        this.random = new Random(seed * 1_000_003 + life);
        // the first numbers of neighbouring seeds resemble each other
        random.nextLong();
        this.port = port;
        this.version = 1000 * life;
    }

    Start start() {
        int workers = 2 + random.nextInt(3);
        appStrategy = any(STRATEGIES);
        List<String> options = new ArrayList<>(List.of("--strategy", appStrategy));
        if (random.nextBoolean()) options.addAll(List.of("--stall-timeout", any(List.of("0.4", "0.8"))));
        return new Start(workers, nextVersion(), options);
    }

    Step step() {
        double dice = random.nextDouble();
        if (dice < 0.12) return new Step(List.of(), faults(1 + random.nextInt(2), false));
        if (dice < 0.17) return new Step(List.of(order(0), order(random.nextInt(600))), List.of());
        boolean isQuiet = random.nextDouble() < 0.4;
        return new Step(List.of(order(0)), isQuiet ? List.of() : faults(1 + random.nextInt(3), true));
    }

    /** What goes wrong while the app is stopped as a whole. */
    List<Fault> faultsOfStop() {
        return random.nextInt(3) == 0 ? List.of(fault(false)) : List.of();
    }

    Order orderOf(int workers) {
        return deploy(true, List.of("--strategy", "surge", "--worker-count", "" + workers, "--env", "FAULT="), 0);
    }

    private Order order(int afterMillis) {
        double dice = random.nextDouble();
        if (dice < 0.14) return restart(any(BATCHES), afterMillis);
        if (dice < 0.32) return scale(afterMillis);
        return dice < 0.52 ? bad(afterMillis) : good(afterMillis);
    }

    /** An app that cannot run twice is replaced, and has no batches. */
    private Order restart(String batch, int afterMillis) {
        List<String> words = appStrategy.equals("replace") ? List.of("restart") : List.of("restart", "--batch", batch);
        return new Order(Order.Verb.RESTART, words, "", true, false, afterMillis);
    }

    private Order scale(int afterMillis) {
        String count = random.nextInt(4) == 0 ? "+1" : "" + (1 + random.nextInt(4));
        return new Order(Order.Verb.SCALE, List.of("scale", count), "", true, false, afterMillis);
    }

    private Order good(int afterMillis) {
        List<String> words = strategy(any(STRATEGIES));
        if (random.nextInt(4) == 0) words.addAll(List.of("--worker-count", "" + (1 + random.nextInt(4))));
        words.addAll(List.of("--env", "FAULT=" + (random.nextInt(3) == 0 ? "slow=" + random.nextInt(800) : "")));
        if (random.nextInt(12) == 0) words.addAll(List.of("--timeout", String.format(Locale.ROOT, "%.1f", 0.2 + random.nextDouble())));
        return deploy(true, words, afterMillis);
    }

    /** Of clients it can die only where it is sure to have some before it is settled. */
    private Order bad(int afterMillis) {
        String fault = any(List.of("crash", "port=" + (port + 1), "hang", "mortal=5"));
        List<String> words = strategy(fault.startsWith("mortal") ? "surge" : any(STRATEGIES));
        words.addAll(List.of("--env", "FAULT=" + fault));
        return deploy(false, words, afterMillis);
    }

    private List<String> strategy(String name) {
        List<String> words = new ArrayList<>(List.of("--strategy", name));
        if (name.equals("rolling")) words.addAll(List.of("--batch", any(BATCHES)));
        return words;
    }

    private Order deploy(boolean isGood, List<String> options, int afterMillis) {
        String next = nextVersion();
        List<String> words = new ArrayList<>(List.of("deploy", "--env", "VERSION=" + next));
        words.addAll(options);
        return new Order(Order.Verb.DEPLOY, List.copyOf(words), next, isGood, words.contains("--timeout"), afterMillis);
    }

    private List<Fault> faults(int count, boolean hasCommand) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) faults.add(fault(hasCommand));
        faults.sort(java.util.Comparator.comparingInt(Fault::afterMillis));
        return faults;
    }

    private Fault fault(boolean hasCommand) {
        Fault.Kind kind = any(List.of(Fault.Kind.KILL, Fault.Kind.KILL, Fault.Kind.STALL, Fault.Kind.STALL_AND_KILL, Fault.Kind.ABORT, Fault.Kind.INTERRUPT));
        if (!hasCommand && kind.compareTo(Fault.Kind.ABORT) >= 0) kind = Fault.Kind.KILL;
        Fault.Whom whom = any(List.of(Fault.Whom.values()));
        return new Fault(kind, whom, random.nextInt(2000), random.nextDouble(), 30 + random.nextInt(1500));
    }

    private String nextVersion() {
        return "v%05d".formatted(++version);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
