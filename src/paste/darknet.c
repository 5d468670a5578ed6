/* Darknet's .cfg files: their sections, keys and values. */
#include "paste/darknet.h"

#include "base/checked.h"

/* ---- key = value ---- */

/* Without comment and blanks; "#" and ";" begin comments. */
static cnn_text clean(cnn_text line)
{
    line = cnn_text_trim(line);
    return line.size > 0 && (line.data[0] == '#' || line.data[0] == ';') ? (cnn_text){line.data, 0}
                                                                         : line;
}

cnn_text cnn_darknet_value(const cnn_section *s, const char *key)
{
    cnn_text rest = s->body, found = {0};
    while (rest.size > 0) {
        cnn_text value = clean(cnn_text_split(&rest, '\n'));
        const cnn_text name = cnn_text_trim(cnn_text_split(&value, '='));
        found = cnn_word_is(name, key) && found.size == 0 ? cnn_text_trim(value) : found;
    }
    return found;
}

bool cnn_darknet_int(cnn_paster *p, cnn_text text, int64_t *out)
{
    const bool negative = text.size > 0 && text.data[0] == '-';
    int64_t n = 0;
    for (size_t i = negative; i < text.size; i++) {
        if (text.data[i] == ' ' || text.data[i] == '#' || text.data[i] == '\t') {
            break;
        }
        if (!cnn_is_digit(text.data[i]) || !cnn_checked_mul(n, 10, &n) ||
            !cnn_checked_add(n, text.data[i] - '0', &n)) {
            const uint32_t at = (uint32_t)(text.data - p->text.data);
            return cnn_paste_fail(p, CNN_E_PASTE_NUMBER, (cnn_span){at, at + (uint32_t)text.size},
                                  cnn_text_of("this key"), (cnn_text){0});
        }
    }
    *out = negative ? -n : n;
    return true;
}

bool cnn_darknet_number(cnn_paster *p, const cnn_section *s, const char *key, int64_t standard,
                        int64_t *out)
{
    const cnn_text text = cnn_darknet_value(s, key);
    *out = standard;
    return text.size == 0 || cnn_darknet_int(p, text, out);
}

/* ---- the file ---- */

static bool next_section(const cnn_paster *p, size_t *at, cnn_section *out)
{
    const cnn_text text = p->text;
    size_t body = 0;
    bool found = false;
    while (*at < text.size) {
        cnn_text rest = cnn_text_skip(text, *at);
        const cnn_text line = clean(cnn_text_split(&rest, '\n'));
        const bool head = line.size > 1 && line.data[0] == '[';
        if (head && found) {
            break;
        }
        *at = text.size - rest.size;
        if (head) {
            cnn_text name = cnn_text_skip(line, 1);
            const uint32_t from = (uint32_t)(line.data - text.data);
            found = true;
            body = *at;
            out->name = cnn_text_trim(cnn_text_split(&name, ']'));
            out->span = (cnn_span){from, from + (uint32_t)line.size};
        }
    }
    out->body = (cnn_text){text.data + body, *at - body};
    return found;
}

static bool keep(cnn_darknet *r)
{
    if (r->count == r->room) {
        const int32_t room = r->room < 16 ? 16 : 2 * r->room;
        cnn_tensor **made = cnn_paste_take(r->p, (size_t)room, sizeof(cnn_tensor *));
        if (made == NULL) {
            return false;
        }
        if (r->count > 0) {
            memcpy(made, r->made, (size_t)r->count * sizeof(cnn_tensor *));
        }
        r->made = made;
        r->room = room;
    }
    r->made[r->count++] = r->at;
    return true;
}

static bool begin(cnn_darknet *r, const cnn_section *s)
{
    cnn_shape input = {.axes = 2};
    int64_t values;
    if (!cnn_darknet_number(r->p, s, "channels", 0, &input.channels) ||
        !cnn_darknet_number(r->p, s, "height", 0, &input.side[0]) ||
        !cnn_darknet_number(r->p, s, "width", 0, &input.side[1]) ||
        !cnn_darknet_number(r->p, s, "inputs", 0, &values)) {
        return false;
    }
    if (r->p->settings->input.size > 0) {
        cnn_module *none = cnn_module_new(r->p, NULL);
        bool any;
        if (none == NULL || !cnn_input_find(r->p, none, &input, &any)) {
            return false;
        }
    } else if (input.channels < 1 || input.side[0] < 1 || input.side[1] < 1) {
        input = (cnn_shape){.channels = values};
    }
    if (input.channels < 1) {
        return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, s->span);
    }
    return cnn_flow_begin(r->p, &input, s->span, &r->at);
}

bool cnn_darknet_read(cnn_paster *p)
{
    cnn_darknet r = {.p = p};
    cnn_section s = {0};
    size_t at = 0;
    bool begun = false;
    while (next_section(p, &at, &s)) {
        const bool head = cnn_word_is(s.name, "net") || cnn_word_is(s.name, "network");
        if (!begun) {
            const cnn_section none = {0};
            if (!begin(&r, head ? &s : &none)) {
                return false;
            }
            begun = true;
        }
        if (!head && (!cnn_darknet_add(&r, &s) || !keep(&r))) {
            return false;
        }
    }
    if (r.at == NULL || r.count == 0) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_MODEL, (cnn_span){0, 0});
    }
    return cnn_builder_end(p->builder, r.at->layer);
}
