package nary.cli;

import nary.config.Option;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command's help, laid out by picocli. Only here: its class files are too old for the AOT cache, and parsing by it cost every command
 * about as much as an empty JVM's start.
 */
final class HelpPage {
    private HelpPage() {}

    static String of(Options options) {
        CommandSpec spec = CommandSpec.create().name("nary " + options.name());
        spec.usageMessage().description("", options.summary(), "").sortOptions(false).width(100).abbreviateSynopsis(true);
        for (Option option : options.all()) spec.addOption(spec(option));
        var words = options.words();
        if (words.most() > 0)
            spec.addPositional(PositionalParamSpec.builder()
                    .arity(words.most() > 2 ? "0..*" : "0..1")
                    .paramLabel(words.label())
                    .hideParamSyntax(words.label().contains(" "))
                    .description(words.about())
                    .build());
        return new CommandLine(spec).getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing();
    }

    private static OptionSpec spec(Option option) {
        var names = option.name().equals("--help") ? new String[] {"-h", "--help"} : new String[] {option.name()};
        return OptionSpec.builder(names)
                .arity(option.kind() == Option.Kind.FLAG ? "0" : "1")
                .paramLabel(option.label())
                .description(option.help().replace("%", "%%"))
                .build();
    }
}
