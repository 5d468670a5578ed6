/*
 * Python as tokens. What chats, forums and notebooks do to code is undone here, and only here:
 * prompts, fences, HTML blanks, typographic quotes, markdown's backslashes. Every token keeps its
 * place in the text as it was pasted.
 */
#include "paste/token.h"

typedef struct scanner {
    cnn_arena *arena;
    cnn_text text;
    size_t at;
    int32_t depth; /* of brackets: line ends are blanks inside them */
    int32_t column;
    bool fresh; /* nothing of the logical line has been read yet */
    bool full;  /* no memory */
    cnn_token *tokens, *last;
} scanner;

/* What a sequence of bytes is read as; the last rows undo markdown's backslashes. */
static const struct {
    const char *bytes;
    char plain;
} disguises[] = {
    {"\xC2\xA0", ' '},      {"&nbsp;", ' '},       {"\xE2\x80\x8B", ' '}, {"\xE2\x80\x98", '\''},
    {"\xE2\x80\x99", '\''}, {"\xE2\x80\x9C", '"'}, {"\xE2\x80\x9D", '"'}, {"\xE2\x88\x92", '-'},
    {"\xE2\x80\x93", '-'},  {"\xC3\x97", '*'},     {"&lt;", '<'},         {"&gt;", '>'},
    {"&quot;", '"'},        {"&#39;", '\''},       {"\xEF\xBB\xBF", ' '}, {"\\_", '_'},
    {"\\*", '*'},           {"\\[", '['},          {"\\]", ']'},
};

static bool begins(const scanner *s, size_t at, const char *word)
{
    return cnn_word_begins(cnn_text_skip(s->text, at), word);
}

/* The character at `at` and its number of bytes; '\0' and 0 at the end. */
static char see(const scanner *s, size_t at, size_t *size)
{
    *size = 0;
    if (at >= s->text.size) {
        return '\0';
    }
    const char c = s->text.data[at];
    *size = 1;
    if (c == '&' || c == '\\' || (c & 0x80) != 0) {
        for (size_t i = 0; i < CNN_LENGTH(disguises); i++) {
            if (begins(s, at, disguises[i].bytes)) {
                *size = strlen(disguises[i].bytes);
                return disguises[i].plain;
            }
        }
    }
    /* '\0' means the end, so a NUL byte in the text is read as a blank. */
    return c == '\0' ? ' ' : c;
}

static char peek(const scanner *s)
{
    size_t size;
    return see(s, s->at, &size);
}

static char peek_second(const scanner *s)
{
    size_t size;
    (void)see(s, s->at, &size);
    return see(s, s->at + size, &size);
}

static void skip(scanner *s)
{
    size_t size;
    (void)see(s, s->at, &size);
    s->at += size;
}

static cnn_token *push(scanner *s, cnn_token_kind kind, size_t begin)
{
    cnn_token *token = s->full ? NULL : cnn_arena_push(s->arena, sizeof *token);
    if (token == NULL) {
        s->full = true;
        return NULL;
    }
    *token = (cnn_token){.kind = (uint8_t)kind,
                         .first = s->fresh,
                         .column = s->column,
                         .span = {(uint32_t)begin, (uint32_t)s->at}};
    token->text = cnn_text_part(s->text, token->span);
    s->fresh = kind == CNN_TOKEN_LINE;
    s->last = token;
    return token;
}

/* A copy without backslashes, when the name has any. */
static void clean_name(scanner *s, cnn_token *token)
{
    if (token == NULL || memchr(token->text.data, '\\', token->text.size) == NULL) {
        return;
    }
    char *copy = cnn_arena_take(s->arena, token->text.size, 1);
    size_t used = 0;
    for (size_t i = 0; copy != NULL && i < token->text.size; i++) {
        if (token->text.data[i] != '\\') {
            copy[used++] = token->text.data[i];
        }
    }
    s->full |= copy == NULL;
    token->text = (cnn_text){copy, used};
}

static bool is_name(char c)
{
    return cnn_is_letter(c) || c == '_' || cnn_is_digit(c) || (c & 0x80) != 0;
}

static void read_name(scanner *s)
{
    const size_t begin = s->at;
    while (is_name(peek(s))) {
        skip(s);
    }
    clean_name(s, push(s, CNN_TOKEN_NAME, begin));
}

/* As much as may belong to a number: 1_000, 0x1F, 1e-05. Its value is read later. */
static void read_number(scanner *s)
{
    const size_t begin = s->at;
    char last = '\0';
    for (char c = peek(s); cnn_is_digit(c) || c == '.' || c == '_' || cnn_is_letter(c) ||
                           ((c == '-' || c == '+') && cnn_fold(last) == 'e');
         c = peek(s)) {
        last = c;
        skip(s);
    }
    push(s, CNN_TOKEN_NUMBER, begin);
}

/* At a quote, or at up to two letters before one. Without its closing quote a string ends with the
 * line. */
static void read_string(scanner *s)
{
    const size_t begin = s->at;
    bool formatted = false, raw = false;
    while (cnn_is_letter(peek(s))) {
        formatted |= cnn_fold(peek(s)) == 'f';
        raw |= cnn_fold(peek(s)) == 'r';
        skip(s);
    }
    const char quote = peek(s);
    const char triple[] = {quote, quote, quote, '\0'};
    const bool is_long = begins(s, s->at, triple);
    s->at += is_long ? 3 : 0;
    if (!is_long) {
        skip(s);
    }
    const size_t inside = s->at;
    size_t end = s->text.size;
    while (s->at < s->text.size) {
        const char c = s->text.data[s->at];
        if (is_long ? begins(s, s->at, triple) : peek(s) == quote || c == '\n') {
            end = s->at;
            break;
        }
        /* Takes the character after a backslash along: \" does not end the string. */
        s->at += c == '\\' && s->at + 1 < s->text.size ? 2 : 1;
    }
    end = end > s->text.size ? s->text.size : end;
    s->at = s->at > s->text.size ? s->text.size : s->at;
    if (s->at < s->text.size && is_long) {
        s->at += 3;
    } else if (peek(s) == quote) {
        skip(s);
    }
    cnn_token *token = push(s, CNN_TOKEN_STRING, begin);
    if (token != NULL) {
        token->text = (cnn_text){s->text.data + inside, end - inside};
        token->formatted = formatted;
        token->raw = raw;
    }
}

static bool string_begins(const scanner *s)
{
    size_t size, at = s->at;
    char c = see(s, at, &size);
    for (int32_t i = 0; i < 2 && strchr("frbuFRBU", c) != NULL && c != '\0'; i++) {
        at += size;
        c = see(s, at, &size);
    }
    return c == '"' || c == '\'';
}

static void read_operator(scanner *s)
{
    static const struct {
        char first, second;
        uint8_t op;
    } pairs[] = {{'*', '*', CNN_OP_POWER},   {'/', '/', CNN_OP_FLOOR},
                 {'=', '=', CNN_OP_EQUAL},   {'!', '=', CNN_OP_UNEQUAL},
                 {'<', '=', CNN_OP_AT_MOST}, {'>', '=', CNN_OP_AT_LEAST},
                 {'-', '>', CNN_OP_ARROW},   {':', '=', CNN_OP_NAMED},
                 {'<', '<', CNN_OP_LEFT},    {'>', '>', CNN_OP_RIGHT}};
    const size_t begin = s->at;
    const char c = peek(s);
    uint8_t op = (uint8_t)c;
    for (size_t i = 0; i < CNN_LENGTH(pairs); i++) {
        if (c == pairs[i].first && peek_second(s) == pairs[i].second) {
            op = pairs[i].op;
            skip(s);
            break;
        }
    }
    skip(s);
    const bool arithmetic = op == CNN_OP_POWER || op == CNN_OP_FLOOR || op == CNN_OP_LEFT ||
                            op == CNN_OP_RIGHT ||
                            (op < 128 && op != 0 && strchr("+-*/%@|&^", op) != NULL);
    const bool assigns = arithmetic && peek(s) == '=';
    if (assigns) {
        skip(s);
    }
    s->depth += c == '(' || c == '[' || c == '{';
    s->depth -= s->depth > 0 && (c == ')' || c == ']' || c == '}');
    cnn_token *token = push(s, CNN_TOKEN_OP, begin);
    if (token != NULL) {
        token->op = op;
        token->assigns = assigns;
    }
}

static void skip_line(scanner *s)
{
    while (s->at < s->text.size && s->text.data[s->at] != '\n') {
        s->at++;
    }
}

/* "In [3]: " */
static bool skip_cell(scanner *s)
{
    size_t at = s->at;
    if (!begins(s, at, "In [") && !begins(s, at, "In[")) {
        return false;
    }
    while (at < s->text.size && s->text.data[at] != ']' && s->text.data[at] != '\n') {
        at++;
    }
    if (!begins(s, at, "]:")) {
        return false;
    }
    s->at = at + 2;
    return true;
}

/* Skips what precedes the code of a line: prompts, then its indentation. */
static void begin_line(scanner *s)
{
    size_t size, at = s->at;
    for (char c = see(s, at, &size); c == ' ' || c == '\t'; c = see(s, at, &size)) {
        at += size;
    }
    if (begins(s, at, "```") || begins(s, at, "~~~")) {
        s->at = at;
        skip_line(s);
        return;
    }
    if (begins(s, at, ">>>") || begins(s, at, "...")) {
        s->at = at + 3;
        s->at += begins(s, s->at, ":") ? 1 : 0; /* IPython's */
        s->at += begins(s, s->at, " ") ? 1 : 0;
    } else {
        const size_t before = s->at;
        s->at = at;
        s->at = skip_cell(s) ? s->at + (begins(s, s->at, " ") ? 1 : 0) : before;
    }
    int32_t column = 0;
    for (char c = peek(s); c == ' ' || c == '\t'; c = peek(s)) {
        /* As in Python, a tab goes to the next multiple of 8. */
        column = c == '\t' ? (column / 8 + 1) * 8 : column + 1;
        skip(s);
    }
    /* Inside brackets the logical line goes on, with the column where it began. */
    if (s->fresh) {
        s->column = column;
    }
}

static void end_line(scanner *s)
{
    skip(s);
    if (s->depth == 0 && !s->fresh) {
        (void)push(s, CNN_TOKEN_LINE, s->at - 1);
    } else if (s->depth == 0 && s->last != NULL) {
        s->last->op = 0; /* a semicolon that ends its line joins nothing */
    }
    begin_line(s);
}

/* "a; b": both are of one line, so that a body after a colon has both. */
static void end_statement(scanner *s)
{
    skip(s);
    cnn_token *token = s->fresh ? NULL : push(s, CNN_TOKEN_LINE, s->at - 1);
    if (token != NULL) {
        token->op = ';';
    }
}

static void read_one(scanner *s)
{
    const char c = peek(s);
    if (c == '\n') {
        end_line(s);
    } else if (c == ' ' || c == '\t' || c == '\r') {
        skip(s);
    } else if (c == '#') {
        skip_line(s);
    } else if (c == '\\') {
        skip(s);
        /* At the end of a line a backslash joins the next one; elsewhere it is dropped. */
        s->at += begins(s, s->at, "\r\n") ? 2 : begins(s, s->at, "\n") ? 1 : 0;
    } else if (c == ';' && s->depth == 0) {
        end_statement(s);
    } else if (string_begins(s)) {
        read_string(s);
    } else if (cnn_is_digit(c) || (c == '.' && cnn_is_digit(peek_second(s)))) {
        read_number(s);
    } else if (is_name(c)) {
        read_name(s);
    } else {
        read_operator(s);
    }
}

const cnn_token *cnn_tokens_read(cnn_arena *arena, cnn_text text)
{
    if (!cnn_arena_align_low(arena)) {
        return NULL;
    }
    scanner s = {.arena = arena, .text = text, .fresh = true};
    /* The tokens are one array that grows at the low end; cleaned names go to the high end. */
    s.tokens = (cnn_token *)(void *)arena->low;
    begin_line(&s);
    while (s.at < text.size && !s.full) {
        read_one(&s);
    }
    if (!s.fresh) {
        (void)push(&s, CNN_TOKEN_LINE, s.at);
    }
    (void)push(&s, CNN_TOKEN_END, s.at);
    return s.full || !cnn_arena_align_low(arena) ? NULL : s.tokens;
}
