package nary.posix;

/** A process id (never a thread id). */
public record Pid(int number) implements Comparable<Pid> {
    @Override
    public int compareTo(Pid other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
