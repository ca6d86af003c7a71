package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** naught's own acceptance tests, from its package on npm, run against nary by the name of naught. What is changed in them: {@code patch.cjs}. */
@Tag("it")
class NaughtSuiteTest {
    private static final String ALL = "75 tests passed";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @RegisterExtension
    final Site site = new Site();

    private final Path apps = Distribution.get().built("naught");

    /** One, chosen by the seed, where not the whole matrix is run. */
    static List<String> nodes() {
        List<String> all = Distribution.nodes();
        return Distribution.isFull() ? all : List.of(all.get((int) (Distribution.seed() % all.size())));
    }

    @ParameterizedTest(name = "every step of naught's own test suite passes, Node {0}")
    @MethodSource("nodes")
    void passes(String node) throws Exception {
        Ran ran = site.spawnShell(
                        """
                        set -e
                        export PATH='%s':"$PATH" PORT=%d NAUGHT='%s' NODE_PATH='%s/node_modules'
                        cp -R '%4$s/node_modules/naught' suite
                        node '%4$s/patch.cjs' suite/test
                        cd suite
                        unset PWD
                        node test/test.js
                        """
                                .formatted(Distribution.get().built("nodes/" + node + "/bin"), site.port(), site.naught(), apps))
                .await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.err()).contains(ALL);
        assertThat(ran.err().lines().filter(line -> line.endsWith("...pass")).count()).as("%s", ran).isEqualTo(75);
        site.shell("rm -rf suite");
    }
}
