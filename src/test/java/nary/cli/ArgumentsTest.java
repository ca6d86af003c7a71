package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static Arguments start(String... words) throws UsageError {
        return Arguments.parse(StartOptions.options(), words);
    }

    private static void refused(String message, String... words) {
        assertThatThrownBy(() -> start(words)).isInstanceOf(UsageError.class).hasMessage(message);
    }

    @Test
    void valuesComeAsTheNextWordOrAfterAnEqualsSign() throws UsageError {
        Arguments arguments = start("--cwd", "/srv", "--env=A=1=2", "--env", "B=", "--log=x y", "app");
        assertThat(arguments.value("--cwd")).contains("/srv");
        assertThat(arguments.values("--env")).containsExactly("A=1=2", "B=");
        assertThat(arguments.value("--log")).contains("x y");
    }

    @Test
    void aPairIsTwoWordsOrOneAfterAnEqualsSign() throws UsageError {
        Arguments arguments = start("--on", "crashed", "./alert.sh \"$NARY_TEXT\"", "--on=ready=true", "--on", "failed=false", "app", "--on");
        assertThat(arguments.values("--on")).containsExactly("crashed=./alert.sh \"$NARY_TEXT\"", "ready=true", "failed=false");
        assertThat(arguments.words()).containsExactly("app", "--on");
    }

    @Test
    void theCommandBeginsAtTheFirstWordThatIsNoOption() throws UsageError {
        assertThat(start("--cwd", "/", "npm", "run", "--", "--cwd", "x").words()).containsExactly("npm", "run", "--", "--cwd", "x");
        assertThat(start("--", "--odd", "--", "x").words()).containsExactly("--odd", "--", "x");
        assertThat(start("-", "x").words()).containsExactly("-", "x");
    }

    @Test
    void anUnknownOptionIsNamedWithTheOneThatWasMeant() {
        refused("there is no option --wokers; did you mean --worker-count?", "--wokers", "2", "app");
        refused("there is no option --workercount; did you mean --worker-count?", "--workercount=2", "app");
        refused("there is no option --drain; did you mean --drain-timeout?", "--drain", "2", "app");
        refused("there is no option -x; options of the app come after its command", "-x", "app");
    }

    @Test
    void aMissingOrDoubledValueIsNamed() {
        refused("--cwd needs a value: --cwd DIR", "--cwd");
        refused("--cwd needs a value: --cwd DIR", "--cwd=", "app");
        refused("--cwd needs a value: --cwd DIR", "--cwd", "--env", "A=1");
        refused("--on needs a value: --on EVENT COMMAND", "--on", "crashed");
        refused("--cwd is given twice", "--cwd", "a", "--cwd", "b");
    }

    @Test
    void aFlagTakesNoValueAndAWordTooManyIsNamed() {
        Options status = new StatusVerb().options();
        assertThatThrownBy(() -> Arguments.parse(status, "--json=true")).hasMessage("--json takes no value");
        assertThatThrownBy(() -> Arguments.parse(status, "a", "b")).hasMessage("'b' is one word too many");
    }

    @Test
    void optionsMayFollowTheWordOfACommandThatTakesOne() throws UsageError {
        Arguments arguments = Arguments.parse(new StatusVerb().options(), "x.ipc", "--json");
        assertThat(arguments.words()).isEqualTo(List.of("x.ipc"));
        assertThat(arguments.isSet("--json")).isTrue();
    }

    @Test
    void everyVerbHasAHelpPageThatNamesAllItsOptions() {
        for (Verbs verb : Verbs.ALL) {
            Options options = verb.make().get().options();
            assertThat(HelpPage.of(options)).contains(options.names());
        }
    }
}
