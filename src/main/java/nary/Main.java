package nary;

import nary.cli.Cli;
import nary.cli.Console;
import nary.cli.Parts;

/** Puts the program together. */
public final class Main {
    private Main() {}

    public static void main(String[] words) throws InterruptedException {
        System.exit(new Cli(Console.system(), parts()).run(words));
    }

    private static Parts parts() {
        return new Parts(
                () -> {
                    throw new UnsupportedOperationException("LinuxPosix.create()");
                },
                () -> {
                    throw new UnsupportedOperationException("the engine");
                },
                () -> {
                    throw new UnsupportedOperationException("new Demo().run(System.out)");
                });
    }
}
