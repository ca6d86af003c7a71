package nary.rollout;

import nary.config.Batch;
import nary.config.Strategy;

/** How a rollout goes about it. */
public record Plan(Strategy strategy, Batch batch) {

    /** How many of so many slots are exchanged at once. */
    public int window(int slots) {
        return switch (strategy.window()) {
            case ALL -> Math.max(1, slots);
            case BATCH -> batch.of(slots);
        };
    }

    /** All traffic moves at one moment. */
    public boolean isAllAtOnce() {
        return switch (strategy.cutover()) {
            case ALL_READY, FIRST_READY -> true;
            case EACH_READY -> false;
        };
    }

    public boolean isOldFirst() {
        return strategy.order() == Strategy.Order.OLD_FIRST;
    }

    /** For people: {@code rolling, 2 at a time}. */
    public String text() {
        return strategy.text() + (strategy.window() == Strategy.Window.BATCH ? ", " + batch.text() + " at a time" : "");
    }
}
