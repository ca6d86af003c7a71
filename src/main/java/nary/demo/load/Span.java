package nary.demo.load;

/** A stretch of time, in {@link System#nanoTime}. */
public record Span(long begin, long end) {}
