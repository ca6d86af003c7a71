package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Connections on their way from the handshake to the process that accepts them. */
class ArrivalsTest {
    private static final long MILLIS = 1_000_000;
    private static final Set<Long> IT = Set.of(7L);
    private static final Set<Long> NONE = Set.of();
    private static final Map<Integer, Long> ASLEEP = Map.of();
    private static final Map<Integer, Long> AWAKE = Map.of(42, 100L);
    private static final Arrivals.Look HALF_OPEN = new Arrivals.Look(IT, false, ASLEEP, NONE);
    private static final Arrivals.Look QUEUED = new Arrivals.Look(NONE, true, ASLEEP, NONE);
    private static final Arrivals.Look BEING_ACCEPTED = new Arrivals.Look(NONE, false, AWAKE, NONE);
    private static final Arrivals.Look UNSHOWN = new Arrivals.Look(NONE, false, ASLEEP, IT);
    private static final Arrivals.Look QUIET = new Arrivals.Look(NONE, false, ASLEEP, NONE);

    @Test
    void oneIsFollowedUntilSomebodyHasIt() {
        Arrivals arrivals = Arrivals.begin(HALF_OPEN, 0);
        assertThat(arrivals.count()).isOne();
        for (Arrivals.Look look : new Arrivals.Look[] {QUEUED, BEING_ACCEPTED, UNSHOWN}) {
            arrivals = arrivals.left(look, 10 * MILLIS);
            assertThat(arrivals.areOver()).as("%s", look).isFalse();
        }
        assertThat(arrivals.left(QUIET, 20 * MILLIS).areOver()).as("read from, shown, or ended").isTrue();
    }

    @Test
    void aHandshakeIsWaitedForHoweverLongAndMayBeOnItsWayWhenItIsOver() {
        Arrivals arrivals = Arrivals.begin(HALF_OPEN, 0).left(HALF_OPEN, 5000 * MILLIS);
        assertThat(arrivals.areOver()).isFalse();
        assertThat(arrivals.left(BEING_ACCEPTED, 5010 * MILLIS).areOver()).isFalse();
        assertThat(arrivals.left(UNSHOWN, 5010 * MILLIS).areOver()).isFalse();
        assertThat(arrivals.left(QUIET, 5010 * MILLIS).areOver()).isTrue();
    }

    @Test
    void whatCameLaterIsNobodysOfTheOldOnes() {
        assertThat(Arrivals.begin(QUIET, 0).left(HALF_OPEN, MILLIS).left(UNSHOWN, 2 * MILLIS).left(BEING_ACCEPTED, 3 * MILLIS).areOver()).isTrue();
        assertThat(Arrivals.begin(QUEUED, 0).left(HALF_OPEN, MILLIS).areOver()).as("nor the handshakes while its queue is worked off").isTrue();
    }

    @Test
    void whoeverIsAwakeWhenTheQueueHasBecomeEmptyMayHoldTheLastOfIt() {
        Arrivals arrivals = Arrivals.begin(QUEUED, 0).left(BEING_ACCEPTED, 10 * MILLIS).left(BEING_ACCEPTED, 20 * MILLIS);
        assertThat(arrivals.areOver()).isFalse();
        assertThat(arrivals.left(QUIET, 30 * MILLIS).areOver()).as("it has slept").isTrue();
        assertThat(arrivals.left(new Arrivals.Look(NONE, false, Map.of(42, 101L), NONE), 30 * MILLIS).areOver()).as("a tick may be somebody else's").isFalse();
        assertThat(arrivals.left(new Arrivals.Look(NONE, false, Map.of(42, 102L), NONE), 30 * MILLIS).areOver()).as("it has computed").isTrue();
        assertThat(arrivals.left(new Arrivals.Look(NONE, false, Map.of(43, 0L), NONE), 30 * MILLIS).areOver()).as("another has woken since").isTrue();
    }

    @Test
    void whatAnotherWorkerHasAcceptedAndDoesNotReadIsLookedForInItsProcess() {
        Arrivals arrivals = Arrivals.begin(UNSHOWN, 0).left(UNSHOWN, 10 * MILLIS);
        assertThat(arrivals.areElsewhere()).isTrue();
        assertThat(arrivals.without(NONE).areOver()).as("nobody shows it yet").isFalse();
        assertThat(arrivals.without(IT).areOver()).isTrue();
        assertThat(Arrivals.begin(BEING_ACCEPTED, 0).areElsewhere()).isFalse();
        assertThat(Arrivals.begin(new Arrivals.Look(IT, false, ASLEEP, IT), 0).without(IT).areOver()).as("a handshake is shown by nobody").isFalse();
    }

    @Test
    void whatIsNeverSeenInAProcessOrAsleepHoldsUpTheDrainForASecond() {
        Arrivals.Look both = new Arrivals.Look(NONE, false, AWAKE, IT);
        Arrivals arrivals = Arrivals.begin(QUEUED, 0).left(both, 500 * MILLIS).left(both, 1499 * MILLIS);
        assertThat(arrivals.count()).isEqualTo(2);
        assertThat(arrivals.left(both, 1500 * MILLIS).areOver()).isTrue();
    }
}
