package nary;

import nary.cli.Caller;
import nary.cli.Cli;
import nary.cli.Console;
import nary.cli.Parts;
import nary.cli.naught.Naught;
import nary.control.SupervisedEngine;
import nary.demo.Demo;
import nary.posix.ffm.LinuxPosix;

/** Puts the program together. */
public final class Main {
    private Main() {}

    public static void main(String[] typed) throws InterruptedException {
        String[] words = Caller.exactly(typed);
        boolean isNaught = System.getProperty("nary.name", "nary").equals(Naught.NAME);
        end(isNaught ? new Naught(Console.system(), parts()).run(words) : new Cli(Console.system(), parts()).run(words));
    }

    /**
     * No hook is run: they are for commands that are cut short, and one that returns has done itself what they would. {@code Runtime.exit}
     * would first look through every jar for a logger of exits: a tenth of a short command's time.
     */
    private static void end(int code) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private static Parts parts() {
        return new Parts(
                Main.class, LinuxPosix::create, () -> SupervisedEngine.factory(LinuxPosix.create()), () -> new Demo().run(System.out));
    }
}
