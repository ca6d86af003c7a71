package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import nary.demo.load.Attempt;
import nary.demo.load.Outcome;
import nary.demo.load.Recording;

/** Deploys of numbered versions, one after the other, and which version might answer when. */
final class Deploys {
    private final Site site;
    private final List<Done> done = new ArrayList<>();

    private record Done(int version, long begun, long ended) {}

    Deploys(Site site) {
        this.site = site;
    }

    int count() {
        return done.size();
    }

    /** Deploys the next version and expects that it serves. */
    void next() throws IOException, InterruptedException {
        int version = done.size() + 1;
        long begun = System.nanoTime();
        Ran ran = site.deploy("--env", "VERSION=" + name(version));
        assertThat(ran.exit()).as("%s", ran).isZero();
        done.add(new Done(version, begun, System.nanoTime()));
    }

    /** The deploys really happened: as many generations, and the last version answers, from processes of the last generation only. */
    void assertHappened() throws Exception {
        StatusView status = site.status();
        assertThat(status.generation()).isEqualTo(done.size() + 1);
        assertThat(status.serving()).isNotEmpty().allSatisfy(worker -> assertThat(worker.generation()).isEqualTo(status.generation()));
        assertThat(site.get("/")).contains("version=" + name(done.size()) + " ");
        site.assertNothingElseLives();
    }

    /** Each answer came from a version that might serve between its question and its end, and none was missing. */
    void assertOnlyServingVersionsAnswered(Recording seen) {
        List<Attempt> answers = seen.attempts().stream().filter(a -> a.outcome() == Outcome.OK).toList();
        assertThat(answers).isNotEmpty();
        assertThat(answers).allSatisfy(a -> assertThat(number(a.version())).isBetween(oldest(a), newest(a)));
        assertThat(seen.byVersion()).as("each version answered").hasSize(done.size() + 1);
    }

    /** When the question was asked, this version was the only one left. */
    private int oldest(Attempt attempt) {
        return done.stream().filter(d -> d.ended() - attempt.begun() < 0).mapToInt(Done::version).max().orElse(0);
    }

    private int newest(Attempt attempt) {
        return done.stream().filter(d -> d.begun() - attempt.ended() < 0).mapToInt(Done::version).max().orElse(0);
    }

    private static String name(int version) {
        return "v%03d".formatted(version);
    }

    private static int number(String version) {
        return Integer.parseInt(version.substring(1));
    }
}
