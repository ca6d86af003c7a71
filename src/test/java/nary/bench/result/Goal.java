package nary.bench.result;

import java.util.Optional;

/**
 * What is to be reached.
 *
 * @param text what is compared
 * @param value what was measured; empty: it was not
 * @param bound that it must not pass
 * @param isFloor the value must be at least the bound, else at most
 */
public record Goal(String text, Optional<Spread> value, double bound, boolean isFloor) {

    public static Goal atLeast(double bound, String text, Optional<Spread> value) {
        return new Goal(text, value, bound, true);
    }

    public static Goal atMost(double bound, String text, Optional<Spread> value) {
        return new Goal(text, value, bound, false);
    }

    /** The median decides. */
    public boolean isMet() {
        return value.isPresent() && (isFloor ? value.get().median() >= bound : value.get().median() <= bound);
    }

    /** {@code met    1.02 (0.99–1.04) ≥ 0.98  …}. */
    @Override
    public String toString() {
        String verdict = value.isEmpty() ? "UNKNOWN" : isMet() ? "met" : "MISSED";
        String seen = value.map(Spread::toString).orElse("not measured");
        return String.format("%-7s  %-28s %s %-6s  %s", verdict, seen, isFloor ? "≥" : "≤", Spread.number(bound), text);
    }
}
