package nary.cli;

import sun.misc.Signal;

/** Signals of this process, in order of their arrival. */
public final class Interrupts {
    private Interrupts() {}

    /** Runs the action at this signal, on the JVM's signal thread: it must be short. @param name e.g. {@code INT} */
    public static void on(String name, Runnable action) {
        Signal.handle(new Signal(name), _ -> action.run());
    }
}
