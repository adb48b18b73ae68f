package io.github.usertcp.testsuite.packetdrill.script;

/**
 * An option as it stands at the head of a script or on the command line, such as {@code --tolerance_usecs=1000}.
 *
 * @param value  empty if there is none; quotes of any kind belong to it
 */
public record ScriptOption(Position position, String name, String value) {
    /** @param text  without the dashes */
    public static ScriptOption parse(String text, Position position) {
        int equals = text.indexOf('=');
        ScriptOption option = equals < 0 ? new ScriptOption(position, text, "")
            : new ScriptOption(position, text.substring(0, equals), text.substring(equals + 1));
        if (option.isDefine() && option.value.indexOf('=') < 1) {
            throw new ScriptSyntaxException(position, "expected --define=NAME=VALUE");
        }
        return option;
    }

    public boolean isDefine() {
        return name.equals("define");
    }

    public String definedName() {
        return value.substring(0, value.indexOf('='));
    }

    public String definedValue() {
        return value.substring(value.indexOf('=') + 1);
    }

    /** The value without quotes around it. */
    public String text() {
        boolean quoted = value.length() >= 2 && "\"`".indexOf(value.charAt(0)) >= 0 && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
