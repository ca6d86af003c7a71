package nary.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nary.posix.Poll.Ready;
import nary.posix.Processes.Child;
import nary.posix.Processes.Exit;
import nary.posix.Processes.Info;
import nary.posix.Processes.Isolation;
import nary.posix.Processes.Program;
import nary.posix.Processes.Slice;
import nary.posix.Sockets.Instruction;
import nary.posix.Sockets.Pair;
import nary.posix.Sockets.Queue;
import org.junit.jupiter.api.Test;

/** What nary relies on, of the kernel and of the simulated one alike. */
abstract class PosixContract extends ConnectionsContract {
    // --- processes

    @Test
    void aProgramHasItsEnvironmentDirectoryAndOutput() throws Exception {
        Pair pipe = sockets().pipe();
        closing(pipe.ours());
        Child child = start(shell(SAY_WHERE, Map.of(1, pipe.theirs())));
        sockets().close(pipe.theirs());
        assertThat(readAll(pipe.ours())).isEqualTo("grüß dich\n/\n");
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(3));
    }

    @Test
    void aProcessIsMadeNicerAndBack() throws Exception {
        Child child = start(shell(SLEEP, Map.of()));
        int usual = processes().niceness(child.pid());
        assertThat(usual).isEqualTo(processes().niceness(processes().self()));
        processes().renice(child.pid(), usual + 1, usual + 2, Slice.USUAL);
        assertThat(processes().niceness(child.pid())).as("it had another").isEqualTo(usual);
        processes().renice(child.pid(), usual, usual + 2, Slice.SHORT);
        assertThat(processes().niceness(child.pid())).isEqualTo(usual + 2);
        if (processes().mayTakeBack(2)) processes().renice(child.pid(), usual + 2, usual, Slice.USUAL);
        else fails("sched_setattr", Errno.EPERM, () -> processes().renice(child.pid(), usual + 2, usual, Slice.USUAL));
        processes().signal(child.pid(), Signals.KILL);
        exitOf(child);
        processes().renice(child.pid(), usual, usual + 2, Slice.SHORT);
        fails("getpriority", Errno.ESRCH, () -> processes().niceness(child.pid()));
    }

    @Test
    void descriptorsArriveUnderTheNumbersAskedFor() throws Exception {
        assertThat(output(SAY_FIVE, 5)).isEqualTo("five\n");
    }

    @Test
    void oneDescriptorMayHaveSeveralNumbers() throws Exception {
        Pair pair = sockets().pair();
        closing(pair.ours());
        Child child = start(shell(ECHO_LINE, Map.of(0, pair.theirs(), 1, pair.theirs())));
        sockets().close(pair.theirs());
        sockets().write(pair.ours(), "ping\n".getBytes(StandardCharsets.UTF_8), 0, 5);
        assertThat(readAll(pair.ours())).isEqualTo("ping\n");
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void aRunningProcessCannotBeReapedAKilledOneTellsTheSignal() throws Exception {
        Child child = start(shell(SLEEP, Map.of()));
        assertThat(processes().reap(child.pidfd())).isEmpty();
        assertThat(processes().reapZombie(child.pid())).isFalse();
        assertThat(processes().signal(child.pid(), Signals.TERM)).isTrue();
        assertThat(exitOf(child)).isEqualTo(new Exit.Killed(Signals.TERM));
        assertThat(processes().signal(child.pid(), Signals.TERM)).isFalse();
    }

    @Test
    void whatWasReapedBeforeEndedWithUnknownStatus() throws Exception {
        Child child = start(shell(SLEEP, Map.of()));
        processes().signal(child.pid(), Signals.KILL);
        exitOf(child);
        assertThat(processes().reap(child.pidfd())).contains(new Exit.Unknown());
        assertThat(processes().reapZombie(child.pid())).isFalse();
    }

    @Test
    void aZombieIsReapedByItsNumber() throws Exception {
        Child child = start(shell(SLEEP, Map.of()));
        processes().signal(child.pid(), Signals.KILL);
        awaitReadable(child.pidfd());
        assertThat(infoOf(child.pid()).orElseThrow().state()).isEqualTo('Z');
        assertThat(processes().hasZombie()).isTrue();
        assertThat(processes().reapZombie(child.pid())).isTrue();
        assertThat(infoOf(child.pid())).isEmpty();
    }

    @Test
    void theTableKnowsParentGroupAndSession() throws Exception {
        Pid self = processes().self();
        int ourSession = infoOf(self).orElseThrow().session();
        Child grouped = start(shell(SLEEP, Map.of()));
        Info info = infoOf(grouped.pid()).orElseThrow();
        assertThat(info.parent()).isEqualTo(self);
        assertThat(info.group()).isEqualTo(grouped.pid().number());
        assertThat(info.session()).isEqualTo(ourSession);
        Program plain = shell(SLEEP, Map.of());
        Child leader = start(new Program(plain.path(), plain.arguments(), Map.of(), "/", Map.of(), Isolation.SESSION));
        assertThat(infoOf(leader.pid()).orElseThrow().session()).isEqualTo(leader.pid().number());
    }

    @Test
    void aProcessCanBeLookedAtUntilItIsGone() throws Exception {
        Pair pair = sockets().pair();
        closing(pair.ours());
        Child child = start(shell(ECHO_AND_WAIT, Map.of(0, pair.theirs(), 1, pair.theirs())));
        sockets().close(pair.theirs());
        awaitReadable(pair.ours());
        assertThat(processes().environmentOf(child.pid())).containsEntry("GREETING", "grüß dich");
        assertThat(processes().processOfThread(child.pid().number())).contains(child.pid());
        assertThat(processes().residentBytes(child.pid())).isPositive();
        assertThat(processes().isCloseOnExec(child.pid(), 1)).isFalse();
        assertThat(processes().threads(child.pid())).singleElement().matches(it -> !it.name().isEmpty() && "RSD".indexOf(it.state()) >= 0);
        assertThat(processes().awake(child.pid()).keySet()).isSubsetOf(child.pid().number());
        processes().signal(child.pid(), Signals.KILL);
        exitOf(child);
        assertThat(processes().awake(child.pid())).isEmpty();
        assertThat(processes().environmentOf(child.pid())).isEmpty();
        assertThat(processes().processOfThread(child.pid().number())).isEmpty();
        assertThat(processes().threads(child.pid())).isEmpty();
        assertThat(processes().residentBytes(child.pid())).isZero();
        assertThat(processes().socketInodes(child.pid())).isEmpty();
        fails("pidfd_open", Errno.ESRCH, () -> processes().openPidfd(child.pid()));
    }

    @Test
    void aMissingProgramOrDirectoryIsNamed() {
        var plain = shell(SLEEP, Map.of());
        var noProgram = new Program("/no/such/program", plain.arguments(), Map.of(), "/", Map.of(), Isolation.GROUP);
        var noDirectory = new Program(plain.path(), plain.arguments(), Map.of(), "/no/such/directory", Map.of(), Isolation.GROUP);
        fails("posix_spawn", Errno.ENOENT, () -> processes().spawn(noProgram));
        fails("posix_spawn", Errno.ENOENT, () -> processes().spawn(noDirectory));
        assertThatThrownBy(() -> processes().spawn(noProgram)).hasMessageContaining("/no/such/program");
        assertThatThrownBy(() -> processes().spawn(noDirectory)).hasMessageContaining("/no/such/directory");
    }

    // --- names

    @Test
    void aNameHasOneHolderUntilItIsClosed() throws Exception {
        String name = "nary-test-" + processes().self() + "-" + System.nanoTime();
        assertThat(sockets().holderOfName(name)).isEmpty();
        Fd held = sockets().holdName(name);
        assertThat(sockets().holderOfName(name).flatMap(Sockets.Holder::pid)).contains(processes().self());
        fails("bind", Errno.EADDRINUSE, () -> sockets().holdName(name));
        sockets().close(held);
        assertThat(sockets().holderOfName(name)).isEmpty();
        closing(sockets().holdName(name));
    }

    // --- pipes, pairs, poll

    @Test
    void aPairCarriesBytesBothWaysAndTellsItsEnd() throws Exception {
        Pair pair = sockets().pair();
        byte[] buffer = new byte[10];
        assertThat(sockets().read(pair.ours(), buffer, 0, 10)).isEqualTo(-1);
        assertThat(sockets().write(pair.theirs(), new byte[] {1, 2, 3}, 1, 2)).isEqualTo(2);
        assertThat(sockets().read(pair.ours(), buffer, 4, 6)).isEqualTo(2);
        assertThat(buffer).containsExactly(0, 0, 0, 0, 2, 3, 0, 0, 0, 0);
        ByteBuffer direct = ByteBuffer.allocateDirect(10).position(3).limit(5);
        assertThat(sockets().read(pair.ours(), direct)).isEqualTo(-1);
        assertThat(sockets().write(pair.theirs(), new byte[] {4, 5, 6}, 0, 3)).isEqualTo(3);
        assertThat(sockets().read(pair.ours(), direct)).isEqualTo(2);
        assertThat(direct).isEqualTo(direct.duplicate().position(5).limit(5));
        assertThat(List.of(direct.get(3), direct.get(4))).containsExactly((byte) 4, (byte) 5);
        assertThat(sockets().read(pair.ours(), buffer, 0, 10)).isEqualTo(1);
        assertThat(sockets().write(pair.ours(), new byte[] {9}, 0, 1)).isEqualTo(1);
        sockets().endWriting(pair.ours());
        assertThat(sockets().read(pair.theirs(), buffer, 0, 10) + sockets().read(pair.theirs(), buffer, 0, 10)).isEqualTo(1);
        sockets().close(pair.theirs());
        assertThat(sockets().read(pair.ours(), buffer, 0, 10)).isZero();
        fails("write", Errno.EPIPE, () -> sockets().write(pair.ours(), buffer, 0, 1));
        sockets().close(pair.ours());
    }

    @Test
    void aPairThatIsFullWouldBlock() throws Exception {
        Pair pair = sockets().pair();
        closing(pair.ours());
        closing(pair.theirs());
        byte[] much = new byte[100_000];
        int total = 0;
        for (int count; (count = sockets().write(pair.ours(), much, 0, much.length)) >= 0; total += count)
            assertThat(total).isLessThan(1 << 26);
        assertThat(total).isPositive();
        assertThat(sockets().read(pair.theirs(), much, 0, much.length)).isPositive();
    }

    @Test
    void pollTellsWhatIsReadableAndWhatHungUp() throws Exception {
        Pair pipe = sockets().pipe();
        closing(pipe.ours());
        try (Poll poll = posix().newPoll()) {
            poll.watch(pipe.ours(), 42);
            assertThat(poll.await(Duration.ZERO)).isEmpty();
            sockets().write(pipe.theirs(), new byte[] {1}, 0, 1);
            assertThat(poll.await(null)).containsExactly(new Ready(42, true, false));
            assertThat(poll.await(null)).as("level-triggered").containsExactly(new Ready(42, true, false));
            sockets().read(pipe.ours(), new byte[1], 0, 1);
            sockets().close(pipe.theirs());
            assertThat(poll.await(null)).singleElement().matches(ready -> ready.token() == 42 && ready.hangup());
            poll.forget(pipe.ours());
            assertThat(poll.await(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void hangupAloneCanBeWatched() throws Exception {
        Pair pipe = sockets().pipe();
        closing(pipe.ours());
        try (Poll poll = posix().newPoll()) {
            poll.watchHangup(pipe.ours(), 7);
            sockets().write(pipe.theirs(), new byte[] {1}, 0, 1);
            assertThat(poll.await(Duration.ZERO)).isEmpty();
            sockets().close(pipe.theirs());
            assertThat(poll.await(null)).containsExactly(new Ready(7, false, true));
        }
    }

    @Test
    void anotherThreadWakesThePollAndAWakeIsNotLost() throws Exception {
        try (Poll poll = posix().newPoll()) {
            poll.wake();
            poll.wake();
            assertThat(poll.await(null)).isEmpty();
            Thread waker = Thread.startVirtualThread(poll::wake);
            assertThat(poll.await(null)).isEmpty();
            waker.join();
            long start = System.nanoTime();
            assertThat(poll.await(Duration.ofMillis(20))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @Test
    void wakingAfterTheEndIsHarmless() throws Exception {
        Poll poll = posix().newPoll();
        poll.close();
        poll.wake();
        poll.close();
    }

    // --- listening sockets

    @Test
    void factsOfASocket() throws Exception {
        Address address = loopback();
        Fd plain = closing(sockets().open(address));
        var before = sockets().facts(plain);
        assertThat(before.inet() && before.stream()).isTrue();
        assertThat(before.protocol()).isEqualTo(Sockets.Protocol.TCP);
        assertThat(before.reusePort() || before.listening() || before.v6only()).isFalse();
        sockets().share(plain);
        sockets().bind(plain, address);
        sockets().listen(plain, 10);
        var after = sockets().facts(plain);
        assertThat(after.reusePort() && after.listening()).isTrue();
        assertThat(after.cookie()).isEqualTo(before.cookie()).isNotEqualTo(sockets().facts(closing(sockets().open(address))).cookie());
        assertThat(after.inode()).isEqualTo(before.inode()).isPositive();
        assertThat(processes().socketInodes(processes().self())).contains(after.inode());
        Fd notASocket = closing(sockets().pipe().ours());
        assertThatThrownBy(() -> sockets().facts(notASocket)).isInstanceOf(OsException.class);
    }

    @Test
    void theQueueCountsWhatIsNotAccepted() throws Exception {
        Address address = loopback();
        Fd member = member(address, 7);
        assertThat(sockets().queue(member)).isEqualTo(new Queue(0, 7));
        connectTimes(address, 3);
        assertThat(sockets().queue(member)).isEqualTo(new Queue(3, 7));
    }

    @Test
    void aListenerOnHoldKeepsItsQueueAndLetsNobodyElseIn() throws Exception {
        Address address = loopback();
        Fd member = member(address, 7);
        connectTimes(address, 2);
        sockets().holdNew(member);
        assertThatThrownBy(() -> connect(address)).isInstanceOf(java.io.IOException.class);
        assertThat(sockets().queue(member)).isEqualTo(new Queue(2, 7));
    }

    @Test
    void aHiddenListenerIsNotFoundAndKeepsItsPlace() throws Exception {
        Address address = loopback();
        List<Fd> members = List.of(member(address), member(address));
        steerTo(members.getFirst(), 1);
        sockets().hide(members.getFirst());
        connectTimes(address, 3);
        assertThat(queues(members)).containsExactly(0, 3);
        sockets().hide(members.getLast());
        assertThatThrownBy(() -> connect(address)).as("as if nobody listened").isInstanceOf(java.io.IOException.class);
        assertThat(queues(members)).containsExactly(0, 3);
    }

    @Test
    void anAddressInUseIsRefusedToWhoeverDoesNotShare() throws Exception {
        Address address = loopback();
        member(address);
        Fd probe = closing(sockets().open(address));
        sockets().reuseAddress(probe);
        fails("bind", Errno.EADDRINUSE, () -> sockets().bind(probe, address));
        assertThatThrownBy(() -> sockets().bind(probe, address)).hasMessageContaining(address.toString());
    }

    @Test
    void steeringChoosesTheMemberByTheOrderOfListen() throws Exception {
        Address address = loopback();
        List<Fd> members = List.of(member(address), member(address), member(address));
        for (int i = 0; i < 3; i++) {
            steerTo(members.get(2 - i), i);
            connectTimes(address, i + 1);
        }
        assertThat(queues(members)).containsExactly(1, 2, 3);
    }

    @Test
    void aMemberJoinsWhenItListensNotWhenItIsBound() throws Exception {
        Address address = loopback();
        Fd early = closing(sockets().open(address));
        sockets().share(early);
        sockets().bind(early, address);
        Fd first = member(address);
        sockets().listen(early, 100);
        steerTo(first, 0);
        connectTimes(address, 2);
        assertThat(queues(List.of(first, early))).containsExactly(2, 0);
    }

    @Test
    void whenAMemberLeavesTheLastTakesItsPlace() throws Exception {
        Address address = loopback();
        List<Fd> members = List.of(member(address), member(address), member(address), member(address));
        sockets().shutdown(members.get(1));
        steerTo(members.get(0), 1);
        connectTimes(address, 2);
        assertThat(queues(List.of(members.get(0), members.get(2), members.get(3)))).containsExactly(0, 0, 2);
        steerTo(members.get(0), 2);
        connectTimes(address, 1);
        assertThat(queues(List.of(members.get(0), members.get(2), members.get(3)))).containsExactly(0, 1, 2);
    }

    @Test
    void anIndexOutOfRangeSpreadsOverAll() throws Exception {
        Address address = loopback();
        List<Fd> members = List.of(member(address), member(address));
        steerTo(members.get(0), 9);
        connectTimes(address, 40);
        assertThat(queues(members)).allMatch(length -> length > 0).satisfies(q -> assertThat(q.get(0) + q.get(1)).isEqualTo(40));
    }

    @Test
    void aProgramMayRollDiceAndCompare() throws Exception {
        Address address = loopback();
        List<Fd> members = List.of(member(address), member(address), member(address));
        int random = 0xfffff000 + 56;
        sockets().steer(members.get(0), List.of(
                new Instruction(0x20, 0, 0, random), // ld #random
                new Instruction(0x94, 0, 0, 4), // mod #4
                new Instruction(0x35, 1, 0, 1), // jge #1, +1, +0
                new Instruction(0x06, 0, 0, 0), // ret #0
                new Instruction(0x06, 0, 0, 2))); // ret #2
        connectTimes(address, 60);
        List<Integer> queues = queues(members);
        assertThat(queues.get(1)).isZero();
        assertThat(queues.get(0)).isBetween(1, 40);
        assertThat(queues.get(2)).isBetween(20, 59);
    }

    @Test
    void anEmptyProgramIsRefused() throws Exception {
        Fd member = member(loopback());
        fails("setsockopt", Errno.EINVAL, () -> sockets().steer(member, List.of()));
    }

    @Test
    void aShutDownListenerHangsUpAndListensNoMore() throws Exception {
        Address address = loopback();
        Fd member = member(address);
        try (Poll poll = posix().newPoll()) {
            poll.watchHangup(member, 5);
            assertThat(poll.await(Duration.ZERO)).isEmpty();
            sockets().shutdown(member);
            assertThat(poll.await(null)).containsExactly(new Ready(5, false, true));
        }
        assertThat(sockets().facts(member).listening()).isFalse();
        assertThatThrownBy(() -> connect(address)).isInstanceOf(java.io.IOException.class);
    }
}
