package nary.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import nary.config.ConfigException;
import nary.control.Refusal;
import nary.fleet.plan.State;
import nary.fleet.roll.Deployment;
import nary.fleet.roll.Transforms;
import nary.fleet.roll.Wish;
import nary.fleet.ssh.Remotes;

/** A run on the terminal, from its beginning to its exit code. The first Ctrl+C undoes it, the second leaves it as it is. */
record FleetRun(FleetSetup setup, String doing) {

    interface Job {
        Optional<Deployment.Outcome> run(Deployment deployment) throws Refusal, ConfigException, IOException, InterruptedException;
    }

    /** A deploy or a rollback. */
    ExitCode deploy(Wish wish) throws Refusal, ConfigException, IOException, InterruptedException {
        return run(deployment -> Optional.of(deployment.deploy(setup.fleet(), wish)));
    }

    /** All is well when all servers are as they should be, however the run that left some out has ended. */
    ExitCode heal() throws Refusal, ConfigException, IOException, InterruptedException {
        return run(it -> it.heal(setup.fleet(), setup.environment()), FleetRun::healed);
    }

    ExitCode run(Job job) throws Refusal, ConfigException, IOException, InterruptedException {
        return run(job, FleetRun::code);
    }

    private ExitCode run(Job job, Function<Deployment.Outcome, ExitCode> code) throws Refusal, ConfigException, IOException, InterruptedException {
        Console console = setup.context().console();
        try (Remotes remotes = setup.remotes();
                FleetProgress progress = new FleetProgress(console, setup.environment(), doing)) {
            Deployment deployment = new Deployment(remotes, new Transforms(setup.context().caller().environment()), setup.context().caller().environment()::get, progress);
            onInterrupt(deployment, console);
            Optional<Deployment.Outcome> outcome = job.run(deployment);
            progress.close();
            if (outcome.isPresent()) return end(outcome.get(), code.apply(outcome.get()), console);
            console.out("nothing to heal in " + setup.environment());
            return ExitCode.DONE;
        } catch (InterruptedException e) {
            console.err("interrupted before anything was changed on the servers");
            return ExitCode.INTERRUPTED;
        }
    }

    private void onInterrupt(Deployment deployment, Console console) {
        var isUndoing = new AtomicBoolean();
        for (String signal : new String[] {"INT", "TERM"}) {
            Interrupts.on(signal, () -> {
                if (isUndoing.getAndSet(true)) {
                    console.err("left as it is: nary fleet resume " + setup.environment() + " finishes it, nary fleet heal " + setup.environment() + " undoes it");
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
                }
                console.err("interrupted: all goes back; once more leaves it as it is");
                deployment.interrupt();
            });
        }
    }

    private ExitCode end(Deployment.Outcome outcome, ExitCode code, Console console) {
        State state = outcome.state();
        outcome.out().forEach(it -> console.err(it.server() + " is out of rotation or could not be brought back" + (it.reason().isEmpty() ? "" : ": " + it.reason())));
        state.members().values().stream().filter(it -> it.wasOutBefore() && !it.isOut()).forEach(it -> console.err(it.server() + " is out of rotation, as it was before"));
        outcome.unwell().forEach(console::err);
        String text = FleetProgress.summary(state);
        if (code.equals(ExitCode.DONE)) console.out(text);
        else console.err(text);
        console.err("journal and logs: " + setup.context().caller().directory().relativize(outcome.folder()));
        return code;
    }

    private static boolean isWell(Deployment.Outcome outcome) {
        return outcome.out().isEmpty() && outcome.unwell().isEmpty();
    }

    private static ExitCode healed(Deployment.Outcome outcome) {
        return isWell(outcome) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static ExitCode code(Deployment.Outcome outcome) {
        return switch (outcome.state().verdict().orElseThrow()) {
            case DONE, HEALED -> healed(outcome);
            case DONE_IN_PART, FAILED -> ExitCode.FAILED;
            case INTERRUPTED -> ExitCode.INTERRUPTED;
        };
    }
}
