package nary.cli;

import nary.control.FakeEngine;
import nary.posix.ffm.LinuxPosix;

/** The program with an engine that runs nothing. */
public final class FakeMain {
    private FakeMain() {}

    public static void main(String[] words) throws InterruptedException {
        var parts = new Parts(FakeMain.class, LinuxPosix::create, () -> FakeEngine::start, () -> 0);
        System.exit(new Cli(Console.system(), parts).run(words));
    }
}
