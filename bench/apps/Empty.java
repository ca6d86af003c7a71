/** Does nothing: what a JVM takes to start and end. */
public final class Empty {
    public static void main(String[] args) {}
}
