package nary.posix;

/** A descriptor of this process. Whoever holds the record owns it, unless a method says that it only borrows. */
public record Fd(int number) {
    @Override
    public String toString() {
        return "fd " + number;
    }
}
