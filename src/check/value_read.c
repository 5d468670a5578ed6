/* Reading one value: an amount or a size. */
#include "check/calculation.h"
#include "check/reading.h"

static size_t blanks(cnn_text text)
{
    size_t i = 0;
    while (i < text.size && (text.data[i] == ' ' || text.data[i] == '\t')) {
        i++;
    }
    return i;
}

static char first_of(cnn_text text)
{
    return text.size > 0 ? text.data[0] : '\0';
}

/* ---- the pieces of a size ---- */

/* The bytes of "x", the multiplication sign, "*", "@", in brackets also a comma, with blanks
 * around; a number follows. 0: none of them. */
static size_t joint_at(cnn_text text, bool brackets, bool *at_sign)
{
    size_t i = blanks(text);
    const char c = first_of(cnn_text_skip(text, i));
    if (cnn_fold(c) == 'x' || c == '*' || c == '@' || (brackets && (c == ',' || c == ';'))) {
        i++;
    } else if (c == '\xC3' && first_of(cnn_text_skip(text, i + 1)) == '\x97') { /* U+00D7 */
        i += 2;
    } else {
        return 0;
    }
    i += blanks(cnn_text_skip(text, i));
    const char next = first_of(cnn_text_skip(text, i));
    *at_sign = *at_sign || c == '@';
    return cnn_is_digit(next) || next == '-' || next == 'N' || next == 'n' || next == '?' ? i : 0;
}

/* How people write a number of samples that is left open; the length, 0: it is none. */
static size_t batch_at(cnn_text text)
{
    static const char *const words[] = {"None", "batch", "?", "-1", "N", "B"};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        const size_t size = cnn_text_of(words[i]).size;
        if (text.size > size && cnn_text_is((cnn_text){text.data, size}, words[i]) &&
            !cnn_is_letter(text.data[size]) && !cnn_is_digit(text.data[size])) {
            return size;
        }
    }
    return 0;
}

/* "(", "[", "torch.Size([": the length; 0: none. */
static size_t opening(cnn_text text)
{
    size_t i = 0, end = 0;
    while (i < text.size && (cnn_is_letter(text.data[i]) || text.data[i] == '.')) {
        i++;
    }
    while (i < text.size && (text.data[i] == '(' || text.data[i] == '[')) {
        end = ++i;
        i += blanks(cnn_text_skip(text, i));
    }
    return end == 0 ? 0 : i;
}

static size_t closing(cnn_text text)
{
    size_t i = blanks(text);
    i += first_of(cnn_text_skip(text, i)) == ',' ? 1 : 0; /* (10,) */
    i += blanks(cnn_text_skip(text, i));
    size_t end = 0;
    while (i < text.size && (text.data[i] == ')' || text.data[i] == ']')) {
        end = ++i;
    }
    return end;
}

/* Keeps the last three of four or five numbers, and the one before them: the batch of images, or
 * the channels of a map with three axes. */
static void drop_first(cnn_claim *out)
{
    out->first = out->value[0];
    out->four = true;
    for (int32_t i = 1; i < CNN_AXES; i++) {
        out->value[i - 1] = out->value[i];
    }
}

/* Moves `text` past the value at its beginning. */
static bool read_value(cnn_text *text, cnn_figures figures, cnn_text all, cnn_claim *out,
                       cnn_error *err)
{
    const size_t open = opening(*text);
    const bool commas = open > 0 || figures == CNN_FIGURES_JOINED;
    bool at_sign = false;
    out->numbers = 0;
    out->four = false;
    *text = cnn_text_skip(*text, open);
    const size_t batch = batch_at(*text);
    const size_t more = batch > 0 ? joint_at(cnn_text_skip(*text, batch), commas, &at_sign) : 0;
    *text = cnn_text_skip(*text, more > 0 ? batch + more : 0);
    out->batch = more > 0;
    for (;;) {
        cnn_amount amount;
        if (!cnn_amount_read(text, commas ? CNN_FIGURES_BARE : figures, all, &amount, err)) {
            return false;
        }
        if (out->numbers == CNN_AXES) {
            if (out->four && out->batch) {
                return false;
            }
            out->batch = out->batch || out->four;
            drop_first(out);
            out->numbers--;
        }
        out->value[out->numbers++] = amount;
        const size_t joint = joint_at(*text, commas, &at_sign);
        if (joint == 0) {
            break;
        }
        *text = cnn_text_skip(*text, joint);
    }
    out->channels_first = at_sign;
    const size_t close = open > 0 ? closing(*text) : 0;
    *text = cnn_text_skip(*text, close);
    return open == 0 || close > 0;
}

/* ---- a whole value ---- */

/* The word after a number is about something else: MACs where FLOPs are claimed. */
static bool contradicts(const cnn_claim *claim)
{
    const cnn_quantity *of = claim->value[0].of, *what = claim->what;
    if (of != NULL && of != what && (claim->share || what->kind == CNN_QUANTITY_PAIR)) {
        return true;
    }
    return of != NULL && of != what && what->count != NULL && !(of->bytes && what->bytes) &&
           (of->work || of->sizes || what->work || what->sizes);
}

/* 3*3*3*16 + 16 where a count is wanted, or that with its result after "=", which counts. */
static bool is_calculation(cnn_text text, cnn_claim *out)
{
    int64_t value;
    if (out->what->kind != CNN_QUANTITY_COUNT || out->share ||
        !cnn_expression_value(text, &value)) {
        return false;
    }
    out->value[0] = (cnn_amount){.num = value, .den = 1, .mantissa = value};
    out->numbers = 1;
    return true;
}

/* What may follow an answer: a full stop, or its calculation in parentheses. */
static bool is_aside(cnn_text text)
{
    text = cnn_text_trim(text);
    if (text.size == 0 || (text.size == 1 && text.data[0] == '.')) {
        return true;
    }
    return text.size > 2 && text.data[0] == '(' && text.data[1] == '=' &&
           text.data[text.size - 1] == ')';
}

/* The last "=" outside of brackets; the text's size when there is none. */
static size_t last_equals(cnn_text text)
{
    int32_t depth = 0;
    size_t found = text.size;
    for (size_t i = 0; i < text.size; i++) {
        depth += (text.data[i] == '(' || text.data[i] == '[') -
                 (text.data[i] == ')' || text.data[i] == ']');
        found = text.data[i] == '=' && depth == 0 ? i : found;
    }
    return found;
}

cnn_text cnn_value_result(cnn_text text)
{
    const size_t at = last_equals(text);
    int64_t value;
    const bool calculated =
        at < text.size && cnn_expression_value((cnn_text){text.data, at}, &value);
    return calculated ? cnn_text_trim(cnn_text_skip(text, at + 1)) : text;
}

bool cnn_claim_value_all(cnn_text text, cnn_figures figures, bool bare, cnn_text all,
                         cnn_claim *out, cnn_error *err)
{
    text = cnn_text_trim(text);
    text = out->relation == CNN_EQUAL ? cnn_value_result(text) : text;
    out->text = text;
    if (is_calculation(text, out)) {
        return true;
    }
    if (!read_value(&text, figures, all, out, err) || !is_aside(text)) {
        return false;
    }
    if (bare && out->value[0].of != NULL) {
        out->what = out->value[0].of;
    }
    if (out->relation != CNN_EQUAL && out->what->kind == CNN_QUANTITY_SIZE) { /* "<12 outputs" */
        const uint32_t begin = (uint32_t)(out->text.data - all.data);
        return cnn_fail(err, CNN_E_CLAIM_BUDGET,
                        (cnn_span){begin, begin + (uint32_t)out->text.size});
    }
    for (int32_t i = 0; i < out->numbers; i++) {
        out->share = out->share || out->value[i].percent;
    }
    if (out->share) {
        return out->numbers == 1 && out->what->share.percent != NULL && !contradicts(out);
    }
    const bool fits = out->what->kind == CNN_QUANTITY_COUNT  ? out->numbers == 1
                      : out->what->kind == CNN_QUANTITY_PAIR ? !out->four && !out->batch
                                                             : true;
    return fits && !contradicts(out);
}

bool cnn_claim_is_broken(const cnn_claim *claim)
{
    const cnn_amount *value = &claim->value[0];
    return claim->what->kind == CNN_QUANTITY_COUNT && value->power == 0 && value->exponent == 0 &&
           value->decimals > 0 && !value->percent;
}

cnn_text cnn_value_split(cnn_text *text, char at)
{
    int32_t depth = 0;
    for (size_t i = 0; i < text->size; i++) {
        const char c = text->data[i];
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        if (c == at && depth <= 0) {
            const cnn_text first = {text->data, i};
            *text = cnn_text_skip(*text, i + 1);
            return first;
        }
    }
    const cnn_text whole = *text;
    *text = cnn_text_skip(*text, text->size);
    return whole;
}
