/* Which dialect a text is in. The tests are in order; the first that fits decides. */
#include "paste/recognise.h"
#include "paste/root.h"

/* How far is looked for the name of a layer. */
enum { LOOK = 1 << 16 };

/* After the first line. */
static cnn_text next_line(cnn_text text)
{
    (void)cnn_text_split(&text, '\n');
    return text;
}

static cnn_text skip_blanks(cnn_text text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.size--;
    }
    return text;
}

/* Without a byte order mark, empty lines, fences and comments at the front. */
static cnn_text front(cnn_text text)
{
    const size_t mark = cnn_text_mark(text);
    text = cnn_text_skip(text, mark);
    for (;;) {
        const cnn_text line = skip_blanks(text);
        const bool idle = cnn_word_begins(line, "```") || cnn_word_begins(line, "#") ||
                          cnn_word_begins(line, "\n") || cnn_word_begins(line, "\r\n");
        if (line.size == 0 || !idle) {
            return line;
        }
        text = next_line(line);
    }
}

static bool is_name(char c)
{
    return cnn_is_letter(c) || cnn_is_digit(c) || c == '_';
}

/* The name at the front; empty: there is none. */
static cnn_text name_at(cnn_text text)
{
    size_t size = 0;
    while (size < text.size && is_name(text.data[size])) {
        size++;
    }
    return (cnn_text){text.data, size};
}

/* ---- other notations ---- */

static bool looks_json(cnn_text text)
{
    return cnn_word_begins(text, "{") &&
           cnn_word_begins(cnn_text_trim(cnn_text_skip(text, 1)), "\"");
}

/* The first line that is no comment is a section. */
static bool looks_darknet(cnn_text text)
{
    while (cnn_word_begins(text, ";")) {
        text = front(next_line(text));
    }
    return cnn_word_begins(text, "[net") || cnn_word_begins(text, "[network]") ||
           cnn_word_begins(text, "[convolutional]");
}

/* A key before a string or a number, or a word before "{". */
static bool looks_prototxt(cnn_text text)
{
    static const char *const strings[] = {"name", "input"};
    static const char *const blocks[] = {"layer", "layers", "input_shape", "state"};
    const cnn_text key = name_at(text);
    cnn_text rest = cnn_text_trim(cnn_text_skip(text, key.size));
    const bool colon = cnn_word_begins(rest, ":");
    rest = cnn_text_trim(cnn_text_skip(rest, colon));
    const bool quoted = cnn_word_begins(rest, "\"") || cnn_word_begins(rest, "'");
    for (size_t i = 0; i < CNN_LENGTH(strings); i++) {
        if (cnn_word_is(key, strings[i])) {
            return colon && quoted;
        }
    }
    for (size_t i = 0; i < CNN_LENGTH(blocks); i++) {
        if (cnn_word_is(key, blocks[i])) {
            return cnn_word_begins(rest, "{");
        }
    }
    return colon && cnn_word_is(key, "input_dim");
}

static size_t skip_digits(cnn_text text, size_t at)
{
    while (at < text.size && cnn_is_digit(text.data[at])) {
        at++;
    }
    return at;
}

/* "1x28x28-", then a digit, a pooling or a parenthesis. */
static bool looks_mcdnn(cnn_text text)
{
    size_t at = 0;
    for (int32_t i = 0; i < 3; i++) {
        const size_t end = skip_digits(text, at);
        if (end == at || (i < 2 && (end >= text.size || text.data[end] != 'x'))) {
            return false;
        }
        at = end + (i < 2);
    }
    const cnn_text rest = skip_blanks(cnn_text_skip(text, at));
    /* A hyphen, or in UTF-8 the minus sign U+2212 or the en dash U+2013. */
    const size_t sign =
        cnn_word_begins(rest, "-")                                                       ? 1
        : cnn_word_begins(rest, "\xE2\x88\x92") || cnn_word_begins(rest, "\xE2\x80\x93") ? 3
                                                                                         : 0;
    const cnn_text item = skip_blanks(cnn_text_skip(rest, sign));
    return sign > 0 && item.size > 0 &&
           (cnn_is_digit(item.data[0]) || item.data[0] == '(' || item.data[0] == 'M' ||
            item.data[0] == 'A');
}

/* Nothing but what may stand after a list: a comma, a comment. */
static bool only_ends(cnn_text text)
{
    for (text = skip_blanks(text); text.size > 0; text = skip_blanks(text)) {
        if (cnn_word_begins(text, "#") || cnn_word_begins(text, "//")) {
            text = next_line(text);
            continue;
        }
        if (strchr(",]})\n\r`", text.data[0]) == NULL) {
            return false;
        }
        text = cnn_text_skip(text, 1);
    }
    return true;
}

/* Numbers and 'M' in a list; before it may stand a name or a key. */
static bool looks_torchvision(cnn_text text)
{
    bool list = false, pool = false, number = false;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c == '#') {
            while (i < text.size && text.data[i] != '\n') {
                i++;
            }
            continue;
        }
        if (!list) {
            if (c != '[' && c != '(' && !cnn_is_letter(c) && c != '_' && c != '=' && c != ':' &&
                c != '\'' && c != '"' && c != ' ' && c != '{' && !cnn_is_digit(c)) {
                return false;
            }
            list = c == '[' || c == '(';
            continue;
        }
        if (c == ']' || c == ')') {
            return pool && number && only_ends((cnn_text){text.data + i + 1, text.size - i - 1});
        }
        const bool quoted = (c == '\'' || c == '"') && i + 2 < text.size &&
                            text.data[i + 1] == 'M' && text.data[i + 2] == c;
        if (!quoted && !cnn_is_digit(c) && c != ',' && c != ' ' && c != '\n' && c != '\r') {
            return false;
        }
        number |= cnn_is_digit(c);
        pool |= quoted;
        i += quoted ? 2 : 0;
    }
    return false;
}

/* ---- print(model) ---- */

/* "Name(" at the end of a line, and "(key): " in the next. */
static bool looks_printed(cnn_text text)
{
    cnn_text rest = text;
    const cnn_text line = cnn_text_trim(cnn_text_split(&rest, '\n'));
    if (line.size < 2 || line.data[line.size - 1] != '(') {
        return false;
    }
    for (size_t i = 0; i + 1 < line.size; i++) {
        if (!cnn_is_letter(line.data[i]) && !cnn_is_digit(line.data[i]) && line.data[i] != '_') {
            return false;
        }
    }
    rest = skip_blanks(rest);
    const cnn_text key = cnn_text_split(&rest, ')');
    return cnn_word_begins(key, "(") && cnn_word_begins(rest, ":");
}

/* ---- Python ---- */

static cnn_text after(cnn_text text, size_t size)
{
    return skip_blanks(cnn_text_skip(text, size));
}

/* At the beginning of a line: "class X(", "def x(", "import x", "from x import", "self.". */
static bool line_is_python(cnn_text text)
{
    text = cnn_word_begins(text, ">>>") || cnn_word_begins(text, "...") ? after(text, 3)
                                                                        : skip_blanks(text);
    const cnn_text word = name_at(text);
    const cnn_text rest = after(text, word.size);
    const cnn_text second = name_at(rest);
    const cnn_text third = after(rest, second.size);
    if (cnn_word_is(word, "self")) {
        return cnn_word_begins(rest, ".");
    }
    if (second.size == 0) {
        return false;
    }
    if (cnn_word_is(word, "class")) {
        return cnn_word_begins(third, "(") || cnn_word_begins(third, ":");
    }
    if (cnn_word_is(word, "from")) {
        /* The module may be dotted, so "import" is looked for up to the end of the line. */
        cnn_text line = third;
        line = cnn_text_split(&line, '\n');
        for (; line.size >= 6; line.data++, line.size--) {
            if (cnn_word_begins(line, "import")) {
                return true;
            }
        }
        return false;
    }
    return (cnn_word_is(word, "def") && cnn_word_begins(third, "(")) || cnn_word_is(word, "import");
}

/* Whether the language has the word, in any case: "Add(" may then be ours. */
static bool is_ours(cnn_text name)
{
    for (size_t i = 0; i < cnn_family_count; i++) {
        for (size_t k = 0; k < cnn_families[i]->count; k++) {
            const cnn_op *op = &cnn_families[i]->ops[k];
            const bool alone = /* no "(" follows it in a list */
                op->form == CNN_FORM_LAYER && cnn_use_of(op, CNN_SIZE)->need == CNN_NEVER;
            /* Lists have no "(" after such a word, so "ReLU(" in capitals is a framework's. */
            if (cnn_text_is(name, op->name) && !(alone && name.data[0] <= 'Z')) {
                return true;
            }
        }
    }
    return false;
}

/* A layer of a framework that is called: "Conv2d(", "nn.ReLU(", "ReLU()". */
static bool is_call(cnn_text name, bool dotted, cnn_text rest)
{
    int32_t axes;
    const size_t n = name.size;
    if (!cnn_word_begins(rest, "(") || n < 3) {
        return false;
    }
    /* Conv2d, MaxPool3D, also of layers that no row has. */
    const bool sided = (name.data[n - 1] == 'd' || name.data[n - 1] == 'D') &&
                       name.data[n - 2] >= '1' && name.data[n - 2] <= '3' && name.data[0] >= 'A' &&
                       name.data[0] <= 'Z';
    const bool row = cnn_row_find(&cnn_torch_rows, name, &axes) != NULL ||
                     cnn_row_find(&cnn_keras_rows, name, &axes) != NULL ||
                     cnn_word_is(name, "Sequential") || cnn_word_is(name, "ModuleList");
    if (dotted && (cnn_word_is(name, "Input") || cnn_word_is(name, "Model"))) { /* of Keras */
        return true;
    }
    /* A name that is ours, too, is a call only after a dot or with empty parentheses. */
    return sided || (row && (dotted || !is_ours(name) || cnn_word_begins(after(rest, 1), ")")));
}

static size_t skip_string(cnn_text text)
{
    size_t i = 1;
    while (i < text.size && text.data[i] != text.data[0] && text.data[i] != '\n') {
        i++;
    }
    return i < text.size ? i + 1 : i;
}

static bool looks_python(cnn_text text)
{
    bool fresh = true, dotted = false;
    text.size = text.size < LOOK ? text.size : LOOK;
    while (text.size > 0) {
        const char c = text.data[0];
        if (fresh && line_is_python(text)) {
            return true;
        }
        fresh = c == '\n';
        size_t size = 1;
        /* Comments and strings may have prose that looks like code. */
        if (c == '#') {
            cnn_text rest = text;
            size = cnn_text_split(&rest, '\n').size;
            size += size == 0;
        } else if (c == '"' || c == '\'') {
            size = skip_string(text);
        } else if (is_name(c)) {
            const cnn_text name = name_at(text);
            size = name.size;
            if (is_call(name, dotted, after(text, size))) {
                return true;
            }
        }
        dotted = c == '.';
        text = cnn_text_skip(text, size);
    }
    return false;
}

/* The first line that is no rule, and names no model, has the titles of the columns. */
static bool looks_summary(cnn_text text)
{
    while (text.size > 0) {
        cnn_text line = cnn_text_trim(cnn_text_split(&text, '\n'));
        bool rule = true;
        for (size_t i = 0; i < line.size && rule; i++) {
            rule = !cnn_is_letter(line.data[i]) && !cnn_is_digit(line.data[i]);
        }
        if (!rule && !cnn_word_begins(line, "Model: \"")) {
            return cnn_summary_recognise(line);
        }
    }
    return false;
}

const cnn_dialect cnn_dialects[] = {
    {"keras-json", "model.to_json(), or a model.json", looks_json, cnn_keras_json_read},
    {"darknet", "a .cfg file", looks_darknet, cnn_darknet_read},
    {"prototxt", "a network for Caffe", looks_prototxt, cnn_prototxt_read},
    {"mcdnn", "1x28x28-32C3-MP2-10N", looks_mcdnn, cnn_mcdnn_read},
    {"torchvision", "[64, 'M', 128]: convolutions and poolings", looks_torchvision,
     cnn_torchvision_read},
    {"pytorch-print", "what print(model) prints", looks_printed, cnn_printout_read},
    {"summary", "what model.summary() prints: no network, answers", looks_summary,
     cnn_dialect_read_summary},
    {"python", "code for PyTorch or Keras", looks_python, cnn_dialect_read_python},
};

const size_t cnn_dialect_count = CNN_LENGTH(cnn_dialects);

const cnn_dialect *cnn_dialect_choose(cnn_text text, cnn_text from, cnn_error *err)
{
    const cnn_text begin = front(text);
    cnn_nearest nearest = cnn_nearest_to(from);
    for (size_t i = 0; i < cnn_dialect_count; i++) {
        if (from.size > 0 ? cnn_text_is(from, cnn_dialects[i].name)
                          : cnn_dialects[i].looks(begin)) {
            return &cnn_dialects[i];
        }
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_dialects[i].name));
    }
    if (from.size > 0 && !cnn_text_is(from, "layers")) {
        err->source = CNN_SOURCE_FROM;
        (void)cnn_fail_words(err, CNN_E_PASTE_FROM, (cnn_span){0, (uint32_t)from.size}, from,
                             nearest.best);
    }
    return NULL;
}

bool cnn_paste_recognise(cnn_text text)
{
    cnn_error ignored = {0};
    return cnn_dialect_choose(text, (cnn_text){0}, &ignored) != NULL;
}
