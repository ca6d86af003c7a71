package nary.cli;

import java.util.function.IntSupplier;
import java.util.function.Supplier;
import nary.control.EngineFactory;
import nary.posix.Posix;

/**
 * What Main puts the commands together from; made only when a command needs it.
 *
 * @param demo runs the demonstration; its exit code
 */
public record Parts(Supplier<Posix> posix, Supplier<EngineFactory> engine, IntSupplier demo) {}
