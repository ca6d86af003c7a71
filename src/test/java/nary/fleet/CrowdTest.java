package nary.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private int counted(int number, CountDownLatch full) throws InterruptedException {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        full.countDown();
        assertThat(full.await(1, TimeUnit.MINUTES)).as("so many run at a time").isTrue();
        running.decrementAndGet();
        return number;
    }

    @Test
    void soManyAreAskedAtATimeAndNoMoreAndTheAnswersAreInTheirOrder() throws Exception {
        var full = new CountDownLatch(Crowd.MOST);
        List<Integer> numbers = IntStream.range(0, 200).boxed().toList();
        assertThat(Crowd.ask(numbers.stream().<Callable<Integer>>map(it -> () -> counted(it, full)).toList())).isEqualTo(numbers);
        assertThat(most.get()).isEqualTo(Crowd.MOST);
    }

    @Test
    void theFirstThatFailsEndsTheOthersAndKeepsTheRestFromBeingAsked() {
        var asked = new AtomicInteger();
        List<Callable<String>> questions = IntStream.range(0, 100)
                .<Callable<String>>mapToObj(_ -> () -> {
                    if (asked.incrementAndGet() == Crowd.MOST) throw new IOException("web1 is gone");
                    Thread.sleep(TimeUnit.MINUTES.toMillis(5));
                    return "never";
                })
                .toList();
        assertThatThrownBy(() -> Crowd.ask(questions)).isInstanceOf(IOException.class).hasMessage("web1 is gone");
        assertThat(asked.get()).isLessThanOrEqualTo(Crowd.MOST + 1);
    }
}
