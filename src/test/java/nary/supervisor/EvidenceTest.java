package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nary.posix.Processes.Doing;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void threadsThatDoTheSameAreCountedTheRareOnesFirst() {
        List<Doing> threads = List.of(
                new Doing("node", 'R', ""),
                new Doing("libuv-worker", 'S', "futex_do_wait"),
                new Doing("libuv-worker", 'S', "futex_do_wait"),
                new Doing("node", 'S', "futex_do_wait"),
                new Doing("node", 'D', "folio_wait_bit"),
                new Doing("node", 'D', "folio_wait_bit"));
        assertThat(Evidence.text(threads))
                .isEqualTo("1 running (node), 2 waiting for a device in folio_wait_bit (node), 3 sleeping in futex_do_wait (node, libuv-worker)");
    }

    @Test
    void ofManyTheNewestAreNamed() {
        List<Doing> threads = java.util.stream.IntStream.rangeClosed(1, 40).mapToObj(i -> new Doing("thread-" + i, 'T', "")).toList();
        assertThat(Evidence.text(threads)).isEqualTo("40 stopped (thread-40, thread-39, thread-38, thread-37, thread-36, …)");
    }

    @Test
    void whatHasEndedMeanwhileIsGone() {
        assertThat(Evidence.text(List.of())).isEqualTo("gone");
    }
}
