package nary.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionTableTest {
    /** {@code -Dnary.docs.write=true} writes what these tests compare. */
    static void assertWritten(Path file, String text) throws IOException {
        if (Boolean.getBoolean("nary.docs.write")) Files.writeString(file, text);
        assertThat(file).as("written anew by mvn test -Dtest=OptionTableTest,SchemaTest -Dnary.docs.write=true").hasContent(text);
    }

    @Test
    void everyDefaultOfStartIsSpelled() {
        List<String> defaults = OptionTable.of("start").stream().map(option -> option.name() + " " + option.fallback()).map(String::strip).toList();
        assertThat(defaults)
                .containsExactly(
                        "--worker-count 1",
                        "--cwd",
                        "--env",
                        "--env-file",
                        "--ready listen",
                        "--boot-timeout 60",
                        "--settle 0.5",
                        "--drain-timeout 30",
                        "--idle-grace 5",
                        "--stop-timeout 30",
                        "--stop-signal TERM",
                        "--strategy surge",
                        "--batch 1",
                        "--respawn always",
                        "--on-crash respawn",
                        "--stall-timeout off",
                        "--watchdog off",
                        "--hang-signal",
                        "--max-memory off",
                        "--max-age off",
                        "--cron off",
                        "--watch",
                        "--on",
                        "--on-timeout 30",
                        "--port",
                        "--listen",
                        "--backlog 4096",
                        "--takeover auto",
                        "--node-preload auto",
                        "--ipc-file nary.ipc",
                        "--pid-file nary.pid",
                        "--log nary.log",
                        "--stdout stdout.log",
                        "--stderr stderr.log",
                        "--log-format raw",
                        "--max-log-size 10485760",
                        "--max-log-files all",
                        "--max-log-age off",
                        "--log-overflow wait",
                        "--user",
                        "--group",
                        "--limit",
                        "--nice 0",
                        "--umask",
                        "--daemon-mode true",
                        "--file");
    }

    @Test
    void everyDefaultOfTheOtherCommandsIsSpelled() {
        assertThat(defaults("deploy")).containsExactly("--worker-count 0", "--override-env false", "--timeout none");
        for (String command : List.of("restart", "scale", "stop", "down")) assertThat(defaults(command)).containsExactly("--timeout none");
        for (String command : List.of("status", "logs", "events", "env", "up", "unit", "deploy-abort")) assertThat(defaults(command)).isEmpty();
        assertThat(defaults("install")).containsExactly("--as nary");
    }

    private static List<String> defaults(String command) {
        return OptionTable.of(command).stream().filter(it -> !it.fallback().isEmpty()).map(it -> it.name() + " " + it.fallback()).toList();
    }

    @Test
    void aRowIsAsPeopleExpectIt() {
        Set<String> names = new HashSet<>();
        for (Option option : OptionTable.of("start")) {
            assertThat(names.add(option.name())).as(option.name()).isTrue();
            assertThat(option.about()).as(option.name()).doesNotContain("\n").isNotBlank().doesNotEndWith(".");
            assertThat(option.name()).matches("--[a-z-]+");
            if (option.isOneOf()) assertThat(option.words()).as(option.name()).hasSizeGreaterThan(1).contains(option.fallback());
        }
    }

    @Test
    void thePageIsWrittenFromTheTable() throws IOException {
        assertWritten(Path.of("docs/options.md"), OptionsPage.text());
    }

    @Test
    void everyLinkOfThePageLeadsSomewhere() throws IOException {
        for (Option option : OptionTable.of("start")) {
            if (option.more().isEmpty()) continue;
            String[] link = option.more().split("#", 2);
            String page = Files.readString(Path.of("docs", link[0]));
            if (link.length > 1) assertThat(page.lines().filter(line -> line.startsWith("#")).map(OptionTableTest::anchor)).as(option.name()).contains(link[1]);
        }
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("#+ ", "").toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }
}
