package nary.config;

import java.util.List;

/** What stands in a YAML or JSON file: plain values, each with its place. No type is guessed: a scalar is the text that was written. */
public sealed interface Tree {
    Place place();

    /** What it is, for people. */
    String what();

    /** @param text as written: {@code 1.10} stays that; @param isPlain without quotes */
    record Scalar(Place place, String text, boolean isPlain) implements Tree {
        /** Nothing, {@code ~} or {@code null}. */
        public boolean isNothing() {
            return isPlain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public String what() {
            return isNothing() ? "nothing" : "'" + text + "'";
        }
    }

    record Items(Place place, List<Tree> all) implements Tree {
        public Items {
            all = List.copyOf(all);
        }

        @Override
        public String what() {
            return "a list";
        }
    }

    /** No key twice. */
    record Keys(Place place, List<Key> all) implements Tree {
        public Keys {
            all = List.copyOf(all);
        }

        @Override
        public String what() {
            return "a group of keys";
        }
    }

    /** @param place of the key itself */
    record Key(Place place, String name, Tree value) {}
}
