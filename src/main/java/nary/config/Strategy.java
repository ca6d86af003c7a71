package nary.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How one generation replaces another: data for the one algorithm of the rollout. */
public enum Strategy {
    /** All new workers boot beside the old ones, and take over together. */
    SURGE("surge", Window.ALL, Cutover.ALL_READY, Order.NEW_FIRST, Failure.GO_FORWARD),
    /** All new workers boot; the first that is ready takes over; the old ones are retired one after the other. */
    FIRST_READY("first-ready", Window.ALL, Cutover.FIRST_READY, Order.NEW_FIRST, Failure.COME_BACK),
    /** A batch of slots at a time; each new worker takes over its slot. */
    ROLLING("rolling", Window.BATCH, Cutover.EACH_READY, Order.NEW_FIRST, Failure.COME_BACK),
    /** The old workers end before the new ones start; new connections wait meanwhile. */
    REPLACE("replace", Window.ALL, Cutover.EACH_READY, Order.OLD_FIRST, Failure.COME_BACK);

    private final String text;
    private final Window window;
    private final Cutover cutover;
    private final Order order;
    private final Failure failure;

    Strategy(String text, Window window, Cutover cutover, Order order, Failure failure) {
        this.text = text;
        this.window = window;
        this.cutover = cutover;
        this.order = order;
        this.failure = failure;
    }

    /** @throws IllegalArgumentException saying what to type instead */
    public static Strategy parse(String text) {
        return Arrays.stream(values())
                .filter(it -> it.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no strategy; use " + names()));
    }

    private static String names() {
        return Arrays.stream(values()).map(Strategy::text).collect(Collectors.joining(", "));
    }

    /** Also its name in options. */
    public String text() {
        return text;
    }

    public Window window() {
        return window;
    }

    public Cutover cutover() {
        return cutover;
    }

    public Order order() {
        return order;
    }

    public Failure failure() {
        return failure;
    }

    /** How many slots are exchanged at once. */
    public enum Window {
        ALL,
        BATCH
    }

    /** When traffic moves: all of it when all are ready or when the first is; or slot by slot. */
    public enum Cutover {
        ALL_READY,
        FIRST_READY,
        EACH_READY
    }

    public enum Order {
        NEW_FIRST,
        OLD_FIRST
    }

    /** What follows a failure after the point of no return. */
    public enum Failure {
        /** The new version is kept up. */
        GO_FORWARD,
        /** Retired slots are filled with the old version again. */
        COME_BACK
    }
}
