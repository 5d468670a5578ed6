/* Solving for unknowns: wants and unknowns in, lists that fit out. */
#include "solve/solve.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/shape_text.h"
#include "base/utf8.h"
#include "report/report.h"

/* ---- output ---- */

static void put_list(const cnn_solver *s, const cnn_solution *solution, cnn_out *out)
{
    cnn_unknowns_write(&s->unknowns, solution->values, out);
}

static void put_lists(const cnn_solver *s, cnn_out *out)
{
    for (const cnn_solution *at = s->first; at != NULL; at = at->next) {
        put_list(s, at, out);
        cnn_out_char(out, '\n');
    }
}

void cnn_want_answer_put(const cnn_claim *want, const cnn_answer *answer, cnn_out *out)
{
    cnn_out_string(out, want->what->name);
    cnn_out_char(out, ' ');
    if (answer->kind == CNN_QUANTITY_SIZE) {
        cnn_out_shape(out, &answer->shape);
    } else if (answer->kind == CNN_QUANTITY_COUNT) {
        cnn_out_grouped(out, answer->count);
    } else {
        cnn_pair_put(out, answer->pair, answer->numbers, false);
    }
}

static void put_bounds(const cnn_solver *s, cnn_out *out)
{
    cnn_out_string(out, "searched ");
    for (int32_t i = 0; i < s->unknowns.count; i++) {
        cnn_out_string(out, i > 0 ? ", " : "");
        cnn_out_string(out, "? = ");
        cnn_out_grouped(out, s->unknowns.list[i].low);
        cnn_out_string(out, " to ");
        cnn_out_grouped(out, s->unknowns.list[i].high);
    }
    cnn_out_char(out, '\n');
}

static void put_notes(const cnn_solver *s, cnn_out *out)
{
    static const char *const sides[] = {"nearest below: ", "nearest above: "};
    if (s->count == 0) {
        cnn_out_string(out, "nothing gives what is wanted; ");
    }
    put_bounds(s, out);
    for (int32_t i = 0; i < 2 && s->count == 0; i++) {
        if (s->missed[i]) {
            cnn_out_string(out, sides[i]);
            put_list(s, &s->miss[i], out);
            cnn_out_string(out, " gives ");
            cnn_want_answer_put(s->miss_of[i], &s->miss[i].answer, out);
            cnn_out_char(out, '\n');
        }
    }
    if (s->count > 0 && s->budget >= 0) {
        cnn_want_answer_put(&s->wants[s->budget], &s->first->answer, out);
        cnn_out_string(out, s->first->distance == 0 ? " exactly\n" : " comes nearest\n");
    }
    if (s->count > CNN_MOST_SOLUTIONS) {
        cnn_out_grouped(out, s->count - CNN_MOST_SOLUTIONS);
        cnn_out_string(out, " more are not shown\n");
    }
}

static void put_solution(const cnn_solver *s, const cnn_solution *solution, cnn_json *json)
{
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_quote(json, "layers");
    put_list(s, solution, json->out);
    cnn_json_unquote(json);
    cnn_json_open(json, "unknowns", '[');
    for (int32_t i = 0; i < s->unknowns.count; i++) {
        cnn_json_int(json, NULL, solution->values[i]);
    }
    cnn_json_close(json, ']');
    cnn_json_shape(json, "output", &solution->output);
    cnn_json_int(json, "params", solution->params);
    cnn_json_int(json, "macs", solution->macs);
    cnn_json_close(json, '}');
}

static void put_json(const cnn_solver *s, cnn_out *out)
{
    cnn_json json = {.out = out};
    cnn_json_begin(&json);
    cnn_json_open(&json, "solutions", '[');
    for (const cnn_solution *at = s->first; at != NULL; at = at->next) {
        put_solution(s, at, &json);
    }
    cnn_json_close(&json, ']');
    cnn_json_break(&json);
    cnn_json_open(&json, "nearest", '[');
    for (int32_t i = 0; i < 2 && s->count == 0; i++) {
        if (s->missed[i]) {
            put_solution(s, &s->miss[i], &json);
        }
    }
    cnn_json_close(&json, ']');
    cnn_json_break(&json);
    cnn_json_open(&json, "searched", '[');
    for (int32_t i = 0; i < s->unknowns.count; i++) {
        cnn_json_open(&json, NULL, '[');
        cnn_json_int(&json, NULL, s->unknowns.list[i].low);
        cnn_json_int(&json, NULL, s->unknowns.list[i].high);
        cnn_json_close(&json, ']');
    }
    cnn_json_close(&json, ']');
    cnn_json_end(&json);
}

/* ---- input ---- */

static bool read_wants(cnn_solver *s, const cnn_solve_options *options, cnn_error *err)
{
    s->budget = -1;
    for (int32_t i = 0; i < options->want_count; i++) {
        cnn_claim *want = &s->wants[i];
        err->source = CNN_SOURCE_WANT;
        err->index = i;
        if (i == CNN_MOST_WANTS) {
            return cnn_fail_numbers(err, CNN_E_MANY_WANTS, (cnn_span){0, 0}, CNN_MOST_WANTS, 0);
        }
        if (!cnn_text_check(options->wants[i], err) ||
            !cnn_want_read(options->wants[i], want, err)) {
            return false;
        }
        s->want_count++;
        if (want->what->kind == CNN_QUANTITY_COUNT && s->budget < 0) {
            s->budget = i;
        }
    }
    *err = (cnn_error){0};
    return true;
}

/* Samples, data type and optimizer are given only where they mean something. */
static bool check_scale(const cnn_solver *s, const cnn_solve_options *options, cnn_error *err)
{
    bool scaled = options->samples == 0 && options->dtype.size == 0 && options->train.size == 0;
    for (int32_t i = 0; i < s->want_count; i++) {
        scaled = scaled || s->wants[i].what->scaled;
    }
    if (!scaled) {
        err->source = CNN_SOURCE_WANT;
        return cnn_fail(err, CNN_E_WANT_SCALE, (cnn_span){0, (uint32_t)options->wants[0].size});
    }
    return true;
}

bool cnn_solve_write(cnn_text text, const cnn_settings *settings, const cnn_solve_options *options,
                     cnn_arena scratch, cnn_writer *to, cnn_writer *notes, bool *found,
                     cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_SOLVE, err);
    cnn_settings own = *settings;
    cnn_solver s = {.settings = &own, .options = options, .err = err};
    if (format == NULL || !read_wants(&s, options, err) || !check_scale(&s, options, err) ||
        !cnn_unknowns_find(text, settings->input, &s.unknowns, err)) {
        return false;
    }
    cnn_numbers names; /* they are known before the search */
    if (!cnn_numbers_begin(&names, NULL, options->dtype, options->samples, err) ||
        !cnn_numbers_train(&names, options->train, options->device, options->checkpoint, err)) {
        return false;
    }
    s.buffer = CNN_NEW_ARRAY(&scratch, char, cnn_unknowns_room(&s.unknowns));
    if (s.buffer == NULL) {
        return cnn_fail_memory(err);
    }
    s.arena = scratch;
    if (!cnn_solver_run(&s)) {
        return false;
    }
    const bool json = format->kind == CNN_FORMAT_JSON;
    *found = s.count > 0;
    cnn_out out;
    cnn_out_open(&out, to);
    (json ? put_json : put_lists)(&s, &out);
    bool written = cnn_out_close(&out);
    cnn_out_open(&out, notes);
    if (!json && written) {
        put_notes(&s, &out);
    }
    written = cnn_out_close(&out) && written;
    if (!written) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
