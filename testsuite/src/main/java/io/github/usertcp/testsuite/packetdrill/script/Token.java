package io.github.usertcp.testsuite.packetdrill.script;

/**
 * A word of the language.
 *
 * @param text   as written, but of quoted kinds what is between the quotes, of STRING with escapes resolved, and of OPTION without the
 *     dashes
 * @param start  offset of its first character
 * @param end    offset behind its last character
 */
record Token(Kind kind, String text, Position position, int start, int end) {
    enum Kind {
        INTEGER("an integer"), FLOAT("a decimal number"), HEX("a hexadecimal number"), WORD("a word"),
        STRING("a string"), BACKQUOTED("a command in backquotes"), CODE("a code block"), ELLIPSIS("\"...\""),
        OPTION("an option"), SYMBOL("a symbol"), END("the end of the script");

        final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    boolean isSymbol(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isNumber() {
        return kind == Kind.INTEGER || kind == Kind.HEX;
    }

    /** How a message names it. */
    String describe() {
        return kind == Kind.END ? kind.description : "\"" + text.lines().findFirst().orElse("") + '"';
    }
}
