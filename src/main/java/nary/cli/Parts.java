package nary.cli;

import java.util.function.IntSupplier;
import java.util.function.Supplier;
import nary.control.EngineFactory;
import nary.posix.Posix;

/**
 * What Main puts the commands together from; made only when a command needs it.
 *
 * @param main the class whose main method this is, for the daemon's JVM
 * @param demo runs the demonstration; its exit code
 */
public record Parts(Class<?> main, Supplier<Posix> posix, Supplier<EngineFactory> engine, IntSupplier demo) {}
