package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Starts the server whose moods are chosen by environment variables. */
final class Moody {
    private Moody() {}

    static void start(Site site, int workers, String... options) throws Exception {
        Ran ran = site.nary(words(site, workers, options));
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    static String[] words(Site site, int workers, String... options) {
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "" + workers, "--env", "VERSION=v000"));
        words.addAll(List.of(options));
        words.addAll(List.of("--", "node", Distribution.get().source("node/moody.js").toString(), "" + site.port()));
        return words.toArray(String[]::new);
    }
}
