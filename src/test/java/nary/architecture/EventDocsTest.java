package nary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nary.config.Hooks;
import nary.control.NoticeCodec;
import nary.rollout.Reason;
import nary.supervisor.Notice;
import org.junit.jupiter.api.Test;

/** docs/events.md names every kind of event that the sources tell, and no other; every reason; every hook. */
class EventDocsTest {
    private static final Pattern SAID = Pattern.compile("(?:\\bsay\\(|new Notice\\(|\\? |: |return )\"([A-Z][a-zA-Z]+)\"");

    /** naught's own names, which have no place in nary's log, and are told by these classes. */
    private static final Set<String> OTHERS = Set.of("Ledger.java");

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult it) -> it.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> said() throws IOException {
        Set<String> said = new TreeSet<>(Set.of(Notice.LOGS_REOPENED, Notice.MISSED, NoticeCodec.REMARK));
        for (String folder : new String[] {"supervisor", "control", "cli"}) {
            try (Stream<Path> files = Files.list(Path.of("src/main/java/nary", folder))) {
                for (Path file : files.filter(it -> it.toString().endsWith(".java") && !OTHERS.contains(it.getFileName().toString())).toList()) {
                    String source = Files.readString(file);
                    if (source.contains("Notice(") || source.contains("say(")) said.addAll(matches(SAID, source));
                }
            }
        }
        return said;
    }

    private static String section(String from, String to) throws IOException {
        String docs = Files.readString(Path.of("docs/events.md"));
        return docs.substring(docs.indexOf(from), docs.indexOf(to));
    }

    @Test
    void everyKindIsThere() throws IOException {
        Set<String> documented = matches(Pattern.compile("`([A-Z][a-zA-Z]+)`"), section("### Kinds", "### Reasons"));
        assertThat(said()).isEqualTo(documented);
    }

    @Test
    void everyReasonIsThere() throws IOException {
        assertThat(matches(Pattern.compile("`([a-z]+)`"), section("### Reasons", "## Hooks"))).containsAll(Arrays.stream(Reason.values()).map(Reason::text).toList());
    }

    @Test
    void everyHookIsThere() throws IOException {
        assertThat(matches(Pattern.compile("(?m)^\\| `([a-z]+)` \\|"), section("| EVENT |", "| variable |")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Hooks.Occasion.values()).map(Hooks.Occasion::text).toList());
    }
}
