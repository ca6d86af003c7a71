package nary.fleet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** All servers of an environment, asked the same: so many at a time that each answers within its limits, however many there are. */
public final class Crowd {
    /** Servers that are talked to at a time: as many as may log in at a time. */
    public static final int MOST = 16;

    private Crowd() {}

    /**
     * The answers in the order of the questions. The first that fails, or an interrupt, cancels the others. Returns when none runs any more.
     *
     * @param questions each of one server
     */
    public static <T> List<T> ask(List<? extends Callable<T>> questions) throws IOException, InterruptedException {
        Semaphore turns = new Semaphore(MOST, true);
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            var answered = new ExecutorCompletionService<T>(threads);
            List<Future<T>> asked = questions.stream().map(question -> answered.submit(() -> inTurn(turns, isOver, question))).toList();
            for (int i = 0; i < asked.size(); i++) get(answered.take());
            List<T> answers = new ArrayList<>();
            for (Future<T> each : asked) answers.add(get(each));
            return answers;
        } finally {
            isOver.set(true); // a turn that a cancelled one gives back is nobody's
            threads.shutdownNow();
            threads.close();
        }
    }

    private static <T> T inTurn(Semaphore turns, AtomicBoolean isOver, Callable<T> question) throws Exception {
        turns.acquire(); // as long as those before it take: each has limits of its own
        try {
            if (isOver.get()) throw new InterruptedException();
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
