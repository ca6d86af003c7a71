package nary.fleet.transform;

import java.util.Arrays;
import java.util.List;
import nary.config.Suggest;

/** The values of xdt:Transform. */
enum Verb {
    REPLACE("Replace", Takes.NOTHING),
    REMOVE("Remove", Takes.NOTHING),
    REMOVE_ALL("RemoveAll", Takes.NOTHING),
    INSERT("Insert", Takes.NOTHING),
    INSERT_IF_MISSING("InsertIfMissing", Takes.NOTHING),
    INSERT_BEFORE("InsertBefore", Takes.A_PATH),
    INSERT_AFTER("InsertAfter", Takes.A_PATH),
    SET_ATTRIBUTES("SetAttributes", Takes.ATTRIBUTES),
    REMOVE_ATTRIBUTES("RemoveAttributes", Takes.ATTRIBUTES),
    COMMENT_OUT("CommentOut", Takes.NOTHING),
    SET_TOKENIZED_ATTRIBUTES("SetTokenizedAttributes", Takes.ATTRIBUTES);

    /** What may stand between the parentheses. */
    private enum Takes {
        NOTHING,
        A_PATH,
        ATTRIBUTES
    }

    private final String word;
    private final Takes takes;

    Verb(String word, Takes takes) {
        this.word = word;
        this.takes = takes;
    }

    /** @throws IllegalArgumentException saying what is wrong with the call */
    static Verb of(Call call) {
        Verb verb = named(call.name());
        switch (verb.takes) {
            case NOTHING -> {
                if (!call.text().isEmpty()) throw new IllegalArgumentException(verb.word + " takes no arguments");
            }
            case A_PATH -> {
                if (call.text().isEmpty()) throw new IllegalArgumentException(verb.word + " needs a path, e.g. " + verb.word + "(/configuration/appSettings)");
            }
            case ATTRIBUTES -> {
                if (call.arguments().contains("")) throw new IllegalArgumentException(call + ": an attribute's name is missing");
            }
        }
        return verb;
    }

    private static Verb named(String name) {
        for (Verb verb : values()) if (verb.word.equals(name)) return verb;
        List<String> words = Arrays.stream(values()).map(verb -> verb.word).toList();
        throw new IllegalArgumentException("there is no transform '" + name + "'" + Suggest.text(name, words) + " (" + String.join(", ", words) + ")");
    }
}
