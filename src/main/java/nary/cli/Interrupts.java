package nary.cli;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Signals of this process, in order of their arrival. */
public final class Interrupts {
    private Interrupts() {}

    /** Runs the action at this signal, on the JVM's signal thread: it must be short. @param name e.g. {@code INT} */
    public static void on(String name, Runnable action) {
        Signal.handle(new Signal(name), _ -> action.run());
    }

    /** What was asked for is over: Ctrl+C ends this process again. */
    static void leave() {
        on("INT", () -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number()));
    }

    interface Asking<T> {
        T ask() throws IOException;
    }

    /**
     * Asks for something that Ctrl+C calls back. Before it is asked for, Ctrl+C ends this process: nothing was done.
     *
     * @param callBack runs at each Ctrl+C after that
     */
    static <T> T askRevocably(Asking<T> asking, Consumer<T> callBack) throws IOException {
        var asked = new AtomicReference<@Nullable T>();
        Object order = new Object();
        on("INT", () -> {
            T what;
            synchronized (order) {
                what = asked.get();
                if (what == null) Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
            }
            if (what != null) callBack.accept(what);
        });
        synchronized (order) {
            if (isEnding()) Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
            T what = asking.ask();
            asked.set(what);
            return what;
        }
    }

    /** By a Ctrl+C that came before there was an action for it: the JVM ends, and the threads go on until it has. */
    private static boolean isEnding() {
        try {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {}));
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
