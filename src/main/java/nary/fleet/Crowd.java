package nary.fleet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** All servers of an environment, asked the same: so many at a time that each answers within its limits, however many there are. */
public final class Crowd {
    /** Servers that are talked to at a time. More make it no faster: docs/fleet/README.md has the figures. */
    public static final int MOST = 16;

    private Crowd() {}

    /**
     * The answers in the order of the questions. The first that fails, or an interrupt, cancels the others. Returns when none runs any more.
     *
     * @param questions each of one server
     */
    public static <T> List<T> ask(List<? extends Callable<T>> questions) throws IOException, InterruptedException {
        Semaphore turns = new Semaphore(MOST, true);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<T>> asked = questions.stream().map(question -> threads.submit(() -> inTurn(turns, question))).toList();
            List<T> answers = new ArrayList<>();
            for (Future<T> each : asked) answers.add(get(each));
            return answers;
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private static <T> T inTurn(Semaphore turns, Callable<T> question) throws Exception {
        turns.acquire(); // as long as those before it take: each has limits of its own
        try {
            return question.call();
        } finally {
            turns.release();
        }
    }

    private static <T> T get(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException defect -> throw defect;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
