package nary.config;

import java.util.List;

/**
 * The file that an app was defined by, and what it said when this generation was made.
 *
 * @param file absolute
 * @param app its name there; empty: the only one, without a name
 * @param said its options, each {@code --name=value}, as they were written
 */
public record Origin(String file, String app, List<String> said) {
    public Origin {
        said = List.copyOf(said);
    }
}
