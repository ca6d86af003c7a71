package nary.fleet.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Breaks a rule of the plan on purpose, each in its own variant: the simulator must notice. */
class PlanMutationTest {
    private static final int SEEDS = 400;

    enum Mutant implements Simulation.Core {
        TAKES_OUT_WITHOUT_LOOKING_AT_THE_OTHERS {
            @Override
            public Next step(State state, Event event, Instant now) {
                boolean isLook = event instanceof Event.Seen;
                return Plan.step(state, isLook ? blind((Event.Seen) event) : event, now);
            }
        },
        STOPS_BEFORE_IT_HAS_DRAINED {
            @Override
            public Next step(State state, Event event, Instant now) {
                return change(Plan.step(state, event, now), Step.DRAIN, Step.STOP);
            }
        },
        RETURNS_WITHOUT_ASKING_FOR_HEALTH {
            @Override
            public Next step(State state, Event event, Instant now) {
                return change(Plan.step(state, event, now), Step.HEALTH, Step.RETURN);
            }
        },
        FORGETS_WHO_WAS_OUT_BEFORE {
            @Override
            public Next step(State state, Event event, Instant now) {
                if (!(event instanceof Event.Seen seen)) return Plan.step(state, event, now);
                Rotation in = new Rotation(true, new nary.fleet.balancer.Prior(java.util.Map.of("admitted", "true")));
                return Plan.step(state, new Event.Seen(seen.place(), seen.isUp(), seen.others(), in), now);
            }
        },
        TRUSTS_THAT_ALL_IS_WELL {
            @Override
            public Next step(State state, Event event, Instant now) {
                if (!(event instanceof Event.Found(Place place, Finding finding))) return Plan.step(state, event, now);
                return Plan.step(state, new Event.Found(place, new Finding(finding.isReachable(), true, Optional.of("r2"), "")), now);
            }
        },
        DOES_NOT_HEAR_THAT_IT_WAS_INTERRUPTED {
            @Override
            public Next step(State state, Event event, Instant now) {
                Next next = Plan.step(state, event, now);
                return event instanceof Event.Interrupted ? new Next(state, List.of(new Effect.Finish(Verdict.INTERRUPTED))) : next;
            }
        };

        private static Event blind(Event.Seen seen) {
            return new Event.Seen(seen.place(), false, seen.others(), seen.rotation());
        }

        private static Next change(Next next, Step from, Step to) {
            List<Effect> effects = new ArrayList<>();
            for (Effect effect : next.effects())
                effects.add(effect instanceof Effect.Perform step && step.step() == from
                        ? new Effect.Perform(step.place(), to, step.release(), step.prior(), step.pause())
                        : effect);
            return new Next(next.state(), effects);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSimulatorNotices(Mutant mutant) {
        assertThat(survives(mutant)).as("no seed of " + SEEDS + " notices").isFalse();
    }

    private static boolean survives(Mutant mutant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new Simulation(seed, mutant).run();
            } catch (RuntimeException noticed) {
                return false;
            }
        }
        return true;
    }
}
