/* The library's front door: a list and settings in, a resolved network out. */
#include "lang/expand.h"
#include "lang/memo.h"
#include "lang/outline.h"
#include "lang/parse.h"
#include "lang/stream.h"

/* An input of the settings; it is a text of its own. */
static bool read_input(cnn_parser *ps, cnn_text text, cnn_program *program)
{
    cnn_parser input = *ps;
    input.p = input.begin = text.data;
    input.end = text.data + text.size;
    if (!cnn_text_check(text, ps->err) || !cnn_parse_input(&input, program)) {
        ps->err->source = CNN_SOURCE_INPUT;
        return false;
    }
    return true;
}

/* A --define that names nothing is a slip of the pen. */
static bool check_defines(cnn_parser *ps)
{
    for (int32_t i = 0; i < ps->define_count && i < 32; i++) {
        if ((ps->defines_used >> i & 1) != 0) {
            continue;
        }
        cnn_text rest = ps->defines[i];
        const cnn_text name = cnn_text_trim(cnn_text_split(&rest, '='));
        const cnn_span span = {0, (uint32_t)ps->defines[i].size};
        ps->err->source = CNN_SOURCE_DEFINE;
        ps->err->number[3] = i;
        if (rest.size == 0 || name.size == 0) {
            return cnn_fail(ps->err, CNN_E_DEFINE_FORM, span);
        }
        cnn_nearest nearest = cnn_nearest_to(name);
        cnn_names_offer(&ps->definitions, &nearest);
        return cnn_fail_words(ps->err, CNN_E_DEFINE_NAME, span, name, nearest.best);
    }
    return true;
}

/* The input: what the settings say, or the list, or else the standard. */
static bool read_begin(cnn_parser *ps, const cnn_settings *settings, cnn_program *program)
{
    program->input.axes = -1;
    if (!cnn_parse_begin(ps, program)) {
        return false;
    }
    const bool named = program->input.axes >= 0;
    const cnn_text input =
        settings->input.size > 0 || named ? settings->input : settings->standard_input;
    if (input.size > 0) {
        return read_input(ps, input, program);
    }
    if (!named) {
        program->input = (cnn_shape){3, {224, 224}, 2}; /* the usual size for ImageNet */
    }
    return true;
}

/* Each item becomes layers before the next one is read. */
static bool read_items(cnn_parser *ps, cnn_expander *x)
{
    const cnn_frame frame = {.labels = &x->labels};
    const cnn_place at = {.frame = &frame};
    bool any = false;
    if (!cnn_stream_list(ps, x, at, &x->to->net->output, &any)) {
        return false;
    }
    if (!any) {
        const uint32_t size = (uint32_t)(ps->end - ps->begin);
        return cnn_fail(ps->err, CNN_E_EMPTY_LIST, (cnn_span){size, size});
    }
    return check_defines(ps);
}

/* Into `to`, of which network, arena and error are known. */
static CNN_APART bool read_list(cnn_builder *to, cnn_text text, const cnn_settings *settings,
                                bool outline)
{
    cnn_arena *const arena = to->arena;
    cnn_error *const err = to->err;
    if (text.size > CNN_MAX_BYTES) {
        return cnn_fail_numbers(err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
    }
    if (!cnn_text_check(text, err)) {
        return false;
    }
    const cnn_vocabulary *words = settings->vocabulary;
    words = words != NULL ? words : cnn_vocabulary_make(arena);
    if (words == NULL) {
        return cnn_fail_memory(err);
    }
    cnn_parser ps = {.p = text.data,
                     .begin = text.data,
                     .end = text.data + text.size,
                     .arena = arena,
                     .err = err,
                     .words = words,
                     .memo = settings->memo,
                     .defines = settings->defines,
                     .define_count = settings->define_count};
    cnn_program program = {0};
    cnn_expander x = {.to = to, .settings = settings};
    if (!read_begin(&ps, settings, &program)) {
        return false;
    }
    if (outline && settings->memo != NULL) {
        cnn_memo_make_room(settings->memo);
        to->known = &settings->memo->known;
    }
    to->net->text = text;
    to->net->odd_input = program.odd_input;
    if (!cnn_network_begin(to, &program.input, program.input_span, outline) ||
        !read_items(&ps, &x)) {
        return false;
    }
    cnn_network_end(to);
    return true;
}

bool cnn_network_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_network *out, cnn_error *err)
{
    static const cnn_settings none = {0};
    cnn_builder to = {.net = out, .arena = arena, .err = err};
    return read_list(&to, text, settings == NULL ? &none : settings, false);
}

bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_outline *out, cnn_error *err)
{
    cnn_network net = {0};
    cnn_builder to = {.net = &net, .arena = arena, .err = err};
    if (!read_list(&to, text, settings, true)) {
        return false;
    }
    *out = (cnn_outline){cnn_value_shape(&to, to.input), cnn_value_shape(&to, net.output),
                         net.layer_count, net.totals};
    return true;
}
