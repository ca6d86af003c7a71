package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShellWordsTest {
    private static void refused(String text, String message) {
        assertThatThrownBy(() -> ShellWords.split(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void wordsAreSplitAsByAShell() {
        assertThat(ShellWords.split("node  server.js\t--port 80\n")).containsExactly("node", "server.js", "--port", "80");
        assertThat(ShellWords.split("sh -c 'exec node \"$A\" | cat'")).containsExactly("sh", "-c", "exec node \"$A\" | cat");
        assertThat(ShellWords.split("a \"b c\"'d e'f \"\" '' \"x\\\"y\\z\\$\"")).containsExactly("a", "b cd ef", "", "", "x\"y\\z$");
        assertThat(ShellWords.split("a\\ b \\$HOME --x=*.js")).containsExactly("a b", "$HOME", "--x=*.js");
        assertThat(ShellWords.split("  ")).isEmpty();
    }

    @Test
    void whatOnlyAShellUnderstandsIsRefused() {
        for (String text : new String[] {"node $PORT", "a | b", "a && b", "a > b", "a; b", "`a`", "\"$A\"", "(a)"}) refused(text, "is for a shell");
        refused("a 'b", "a ' is not closed");
        refused("a \"b", "a \" is not closed");
        refused("a \\", "a \\ at the end");
    }
}
