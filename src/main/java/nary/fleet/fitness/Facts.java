package nary.fleet.fitness;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What check.sh says of a server. */
public final class Facts {
    /** @param kind of the question @param subject what was asked about */
    record Key(String kind, String subject) {
        @Override
        public String toString() {
            return kind + " " + subject;
        }
    }

    private final Map<Key, String> answers = new LinkedHashMap<>();

    private Facts() {}

    /** Lines that are none of its own are left out: a login may print something. */
    public static Facts parse(String output) {
        var facts = new Facts();
        for (String line : output.split("\n")) {
            String[] parts = line.split("\t", 3);
            if (parts.length == 3) facts.answers.put(new Key(parts[0], parts[1]), parts[2].strip());
        }
        return facts;
    }

    Map<Key, String> all() {
        return answers;
    }

    Optional<String> of(String kind, String subject) {
        return Optional.ofNullable(answers.get(new Key(kind, subject)));
    }

    void each(String kind, BiConsumer<String, String> subjectAndAnswer) {
        answers.forEach((key, answer) -> {
            if (key.kind().equals(kind)) subjectAndAnswer.accept(key.subject(), answer);
        });
    }
}
