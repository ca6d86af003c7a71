package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import nary.id.WorkerId;
import nary.worker.Phase;
import nary.worker.Worker;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Breaks a rule of the core on purpose, each in its own variant: the simulator must notice. */
class MutationTest {
    private static final int SEEDS = 60;

    enum Mutant implements Core {
        STOPS_THE_OLD_BEFORE_THE_NEW_IS_READY {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                if (!(event instanceof Event.DeployRequested) || !step.state().word().equals("deploying")) return step.effects();
                int old = step.state().rollout().orElseThrow().from();
                Optional<Effect> stop = step.state().app().orElseThrow().generation(old).in(Phase.SERVING).findFirst().map(worker -> new Effect.Signal(worker.id(), 15, false));
                return plus(step.effects(), stop);
            }
        },
        FORGETS_REPLIES_TO_FAILED_DEPLOYS {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return without(step.effects(), it -> it instanceof Effect.Reply(var request, var outcome) && outcome instanceof Outcome.Failed && step.state().word().equals("online"));
            }
        },
        ANSWERS_TWICE {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return plus(step.effects(), step.effects().stream().filter(it -> it instanceof Effect.Reply).findFirst());
            }
        },
        LEAVES_A_DRAINING_WORKER_IN_THE_STEERING {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                Optional<WorkerId> draining = step.state().generations().stream().flatMap(it -> it.in(Phase.DRAINING)).map(Worker::id).findFirst();
                return step.effects().stream().map(it -> it instanceof Effect.Steer(var set) && draining.isPresent() ? with(set, draining.get()) : it).toList();
            }

            private Effect with(java.util.Set<WorkerId> set, WorkerId more) {
                var all = new TreeSet<>(set);
                all.add(more);
                return new Effect.Steer(all);
            }
        },
        DRAINS_WITHOUT_STEERING_AWAY {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return without(step.effects(), it -> it instanceof Effect.Steer && step.state().rollout().isPresent());
            }
        },
        LOSES_A_DEAD_SLOT {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return without(step.effects(), it -> it instanceof Effect.ArmTimer(var timer, var after) && timer.kind() == Timer.Kind.RESPAWN);
            }
        },
        LOSES_A_RETIRED_SLOT {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return without(step.effects(), it -> it instanceof Effect.FreeListeners && step.state().rollout().isPresent());
            }
        },
        FREES_TWICE {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return plus(step.effects(), step.effects().stream().filter(it -> it instanceof Effect.FreeListeners).findFirst());
            }
        },
        NEVER_RESPAWNS {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return without(step.effects(), it -> it instanceof Effect.Spawn(var worker, var release, var heirTo) && worker.attempt() > 1);
            }
        },
        LETS_TWO_DEPLOYS_RUN {
            @Override
            public Step step(State state, Event event, Instant now) {
                boolean isSecond = event instanceof Event.DeployRequested && state.word().equals("deploying");
                if (!isSecond) return Supervisor.step(state, event, now);
                return Supervisor.step(new State(Optional.of(state.app().orElseThrow().withoutRollout())), event, now);
            }
        },
        ASKS_FOR_A_RESTART_WHENEVER_ONE_IS_DUE {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                boolean isLost = event instanceof Event.RestartDue && step.effects().stream().noneMatch(it -> it instanceof Effect.RequestRestart);
                return plus(step.effects(), isLost ? Optional.of(new Effect.RequestRestart(((Event.RestartDue) event).restart())) : Optional.empty());
            }
        },
        STOPS_A_BIG_WORKER_AT_ONCE {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                boolean isExpired = event instanceof Event.MemorySampled(var worker, long bytes) && step.state().worker(worker).filter(Worker::hasExpired).isPresent();
                return plus(step.effects(), isExpired ? Optional.of(new Effect.Signal(((Event.MemorySampled) event).worker(), 15, false)) : Optional.empty());
            }
        },
        FORGETS_THE_STOP_TIMEOUT {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return without(step.effects(), it -> it instanceof Effect.ArmTimer(var timer, var after) && timer.kind() == Timer.Kind.STOP);
            }
        },
        HALTS_TOO_EARLY {
            @Override
            List<Effect> change(State before, Event event, Step step) {
                return plus(step.effects(), event instanceof Event.StopRequested && step.state().word().equals("stopping") ? Optional.of(new Effect.Halt(0)) : Optional.empty());
            }
        };

        @Override
        public Step step(State state, Event event, Instant now) {
            Step step = Supervisor.step(state, event, now);
            return new Step(step.state(), change(state, event, step));
        }

        List<Effect> change(State before, Event event, Step step) {
            return step.effects();
        }

        private static List<Effect> without(List<Effect> effects, Predicate<Effect> lost) {
            return effects.stream().filter(lost.negate()).toList();
        }

        private static List<Effect> plus(List<Effect> effects, Optional<Effect> more) {
            var all = new ArrayList<>(effects);
            more.ifPresent(all::add);
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSimulatorCatches(Mutant mutant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new Simulation(seed, mutant).run();
            } catch (Invariants.Violation caught) {
                System.out.println(mutant + ": seed " + seed + ": " + caught.getMessage().lines().findFirst().orElse(""));
                return;
            }
        }
        assertThat(mutant).as("survived " + SEEDS + " seeds").isNull();
    }
}
