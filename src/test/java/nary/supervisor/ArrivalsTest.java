package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Connections on their way from the handshake to the process that accepts them. */
class ArrivalsTest {
    private static final long MILLIS = 1_000_000;
    private static final long CONNECTION = 7;
    private static final Set<Long> IT = Set.of(CONNECTION);
    private static final Set<Long> NONE = Set.of();
    private static final Arrivals.Look HALF_OPEN = new Arrivals.Look(IT, NONE, NONE, NONE);
    private static final Arrivals.Look UNACCEPTED = new Arrivals.Look(NONE, IT, NONE, NONE);
    private static final Arrivals.Look UNSHOWN = new Arrivals.Look(NONE, NONE, IT, NONE);
    private static final Arrivals.Look HELD = new Arrivals.Look(NONE, NONE, IT, IT);
    private static final Arrivals.Look GONE = new Arrivals.Look(NONE, NONE, NONE, NONE);

    @Test
    void oneIsFollowedUntilSomebodyHasIt() {
        Arrivals arrivals = Arrivals.begin(HALF_OPEN, 0);
        assertThat(arrivals.count()).isOne();
        arrivals = arrivals.left(UNACCEPTED, 10 * MILLIS);
        assertThat(arrivals.areOver()).as("in a queue, or behind it").isFalse();
        arrivals = arrivals.left(UNSHOWN, 20 * MILLIS);
        assertThat(arrivals.areOver()).as("accepted, and no process shows it").isFalse();
        assertThat(arrivals.left(HELD, 30 * MILLIS).areOver()).isTrue();
        assertThat(arrivals.left(GONE, 30 * MILLIS).areOver()).as("read by another worker, or ended").isTrue();
    }

    @Test
    void whatCameLaterIsNobodysOfTheOldOnes() {
        assertThat(Arrivals.begin(GONE, 0).left(HALF_OPEN, MILLIS).left(UNACCEPTED, 2 * MILLIS).areOver()).isTrue();
    }

    @Test
    void anotherWorkerThatHangsHoldsUpTheDrainForASecond() {
        Arrivals arrivals = Arrivals.begin(UNACCEPTED, 0);
        assertThat(arrivals.left(UNACCEPTED, 999 * MILLIS).areOver()).isFalse();
        assertThat(arrivals.left(UNACCEPTED, 1000 * MILLIS).areOver()).isTrue();
        assertThat(Arrivals.begin(HALF_OPEN, 0).left(HALF_OPEN, 5000 * MILLIS).areOver()).as("a handshake is in no queue: it is waited for").isFalse();
    }

    @Test
    void oneThatAnotherWorkerHasAcceptedAndDoesNotReadIsLookedForInItsProcess() {
        Arrivals arrivals = Arrivals.begin(UNSHOWN, 0).left(UNSHOWN, 10 * MILLIS);
        assertThat(arrivals.areAllAccepted()).isTrue();
        assertThat(arrivals.without(NONE).areOver()).as("nobody shows it yet").isFalse();
        assertThat(arrivals.without(IT).areOver()).isTrue();
        assertThat(Arrivals.begin(UNACCEPTED, 0).areAllAccepted()).isFalse();
        assertThat(Arrivals.begin(UNACCEPTED, 0).without(IT).areOver()).as("who waits in a queue is shown by nobody").isFalse();
    }

    @Test
    void oneThatNobodyEverShowsHoldsUpTheDrainForASecond() {
        Arrivals arrivals = Arrivals.begin(UNACCEPTED, 0).left(UNSHOWN, 500 * MILLIS).left(UNSHOWN, 999 * MILLIS);
        assertThat(arrivals.areOver()).isFalse();
        assertThat(arrivals.left(UNSHOWN, 1000 * MILLIS).areOver()).isTrue();
    }
}
