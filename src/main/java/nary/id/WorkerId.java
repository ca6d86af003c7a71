package nary.id;

/**
 * The name of one worker process group: the {@code attempt}-th process (from 1) of a slot (0..N-1) in a generation (from 1).
 * Never reused within one daemon. Attempt 0 is a queue that waits for
 * the first process.
 */
public record WorkerId(int generation, int slot, int attempt) implements Comparable<WorkerId> {

    public WorkerId next() {
        return new WorkerId(generation, slot, attempt + 1);
    }

    @Override
    public int compareTo(WorkerId other) {
        int byGeneration = Integer.compare(generation, other.generation);
        int bySlot = Integer.compare(slot, other.slot);
        if (byGeneration != 0) return byGeneration;
        return bySlot != 0 ? bySlot : Integer.compare(attempt, other.attempt);
    }

    /** {@code 7.0} for slot 0 of generation 7; {@code 7.0#2} for its second process. */
    @Override
    public String toString() {
        return generation + "." + slot + (attempt != 1 ? "#" + attempt : "");
    }

    /** The inverse of {@link #toString}. */
    public static WorkerId parse(String text) {
        String[] parts = text.split("[.#]");
        return new WorkerId(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts.length > 2 ? Integer.parseInt(parts[2]) : 1);
    }
}
