package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

class InterruptsTest {
    /** Is interrupted while there is no action for it, and asks while it ends. */
    static final class LateAsker {
        public static void main(String[] words) throws IOException, InterruptedException {
            var isEnding = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                isEnding.countDown();
                sleep();
            }));
            Signal.raise(new Signal("INT"));
            isEnding.await();
            Interrupts.askRevocably(
                    () -> {
                        System.out.println("asked");
                        return 1;
                    },
                    _ -> {});
        }

        private static void sleep() {
            try {
                Thread.sleep(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void nothingIsAskedForAfterAnInterruptThatCameTooEarly(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // what a shell starts in the background ignores SIGINT, and so does all that it starts
        List<String> words = List.of("env", "--default-signal=INT", java, "-cp", System.getProperty("java.class.path"), LateAsker.class.getName());
        Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(output).isEmptyFile();
        assertThat(process.exitValue()).isEqualTo(130);
    }
}
