package nary.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options of one command: picocli by its programmatic API, because its reflection is most of the start-up time. */
final class Options {
    private static final String HELP = "--help";

    private final CommandSpec spec = CommandSpec.create();

    Options(String name, String summary) {
        spec.name("nary " + name);
        spec.usageMessage().description(summary);
        spec.usageMessage().sortOptions(false).width(100).abbreviateSynopsis(true);
        spec.addOption(OptionSpec.builder("-h", HELP).description("Show this help.").usageHelp(true).build());
    }

    /** @param about what it does, with its default */
    Options option(String name, String label, String about) {
        spec.addOption(OptionSpec.builder(name).arity("1").type(String.class).paramLabel(label).description(about).build());
        return this;
    }

    /** May be given more than once. */
    Options repeated(String name, String label, String about) {
        spec.addOption(OptionSpec.builder(name)
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(about)
                .build());
        return this;
    }

    Options flag(String name, String about) {
        spec.addOption(OptionSpec.builder(name).arity("0").type(boolean.class).description(about).build());
        return this;
    }

    /** One optional word. */
    Options word(String label, String about) {
        return words(label, about, "0..1");
    }

    /** All that follows belongs to the command to run, whatever it looks like. */
    Options command(String label, String about) {
        spec.parser().stopAtPositional(true);
        return words(label, about, "0..*");
    }

    private Options words(String label, String about, String arity) {
        spec.addPositional(PositionalParamSpec.builder()
                .arity(arity)
                .index("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(about)
                .build());
        return this;
    }

    CommandSpec spec() {
        return spec;
    }

    List<String> names() {
        return spec.options().stream().map(OptionSpec::longestName).toList();
    }

    boolean takesCommand() {
        return spec.parser().stopAtPositional();
    }
}
