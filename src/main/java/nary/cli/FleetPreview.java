package nary.cli;

import java.io.IOException;
import java.time.Instant;
import nary.fleet.roll.Preview;
import nary.fleet.roll.Runs;
import nary.fleet.roll.Transforms;
import nary.fleet.roll.Wish;
import nary.fleet.ssh.Remotes;

/** {@code --dry-run}. */
record FleetPreview(FleetSetup setup, Wish wish) {
    ExitCode show() throws IOException, InterruptedException {
        try (Remotes remotes = setup.remotes()) {
            var preview = new Preview(setup.fleet(), remotes, new Transforms(setup.context().caller().environment()), setup.context().caller().environment()::get);
            preview.lines(wish, wish.release().orElseGet(() -> Runs.name(Instant.now()))).forEach(setup.context().console()::out);
            return ExitCode.DONE;
        }
    }
}
