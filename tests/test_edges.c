/*
 * What stands at the edges: blanks between any two parts of a list change nothing, and a list that
 * ends anywhere is read up to there and not a byte further.
 */
#include "support.h"

static sink plain, spread;

/* "~" stands between any two parts; "@" and the label behind it are one part. */
static const char *const lists[] = {
    "~conv~3~-~64~s~2~,~maxpool~,~FC~-~4096~",
    "~conv~3~x~5~-~8~s~1~x~2~p~0~x~1~d~2~g~1~b~0~,~relu~",
    "~conv~3~-~8~/~2~;~conv~3~-~8~same~;~conv~3~-~8~valid~",
    "~deconv~4~-~8~s~2~p~1~op~1~,~upsample~2~x~3~,~resize~8~x~9~,~crop~4~,~pad~1~x~2~",
    "~maxpool~3~/~2~ceil~,~avgpool~2~/~3~p~1~ceil~,~aap~3~x~2~,~gap~,~dropout~0.5~",
    "~reshape~3~x~112~x~448~,~flatten~,~FC~-~7~b~0~",
    "~dwconv~3~,~dwconv~3~-~6~,~shuffle~3~,~gn~3~,~se~-~2~,~prelu~1~,~chpad~-~9~",
    "~input~4~x~8~x~9~;~conv1~-~2~",
    "~input~:~28~gray~;~conv1~-~2~",
    "~input~=~(~224~x~200~RGB ~image~)~;~conv1~-~2~",
    "~input ~vector~784~;~FC~-~10~,~softmax~",
    "~2~*~relu~,~2~x~(~conv3~-~8~,~relu~)~,~(~3~-~1~)~*~bn~",
    "~stem~:~(~conv7~-~8~/~2~,~maxpool~)~,~a~:~b~:~relu~",
    "~add~(~conv3~-~c~|~id~)~,~mul~(~id~|~gap~)~,~cat~(~id~|~relu~|~bn~)~,~split~(~id~|~id~|~id~)~",
    "~a~:~conv3~-~8~,~cat~(~@a~|~@input~,~relu~)~,~add~(~b~:~id~|~id~)~",
    "~a~:~conv3~-~8~,~maxpool~,~resize~@a~,~pad~2~,~crop~@a~",
    "~aux~(~gap~,~FC~-~10~)~,~aux~(~a~:~relu~)~,~relu~",
    "f~(~n~,~k~=~3~)~=~conv~(~k~)~-~n~,~bn~\nf~(~8~)~,~f~(~16~,~k~=~5~)~,~f~(~k~=~1~,~n~=~4~)~",
    "f~(~x~)~=~a~:~relu~,~x~,~add~(~@a~|~x~)~\nf~(~conv3~-~c~)~,~f~(~(~bn~,~relu~)~)~",
    "width~=~16~;~w2~=~(~2~*~width~)~\nconv3~-~width~,~conv3~-~w2~,~(~w2~/~8~)~*~relu~",
    "n~=~(~7~+~3~*~2~-~1~)~/~4~\nconv~(~n~+~(~3~-~2~)~-~1~)~-~(~n~*~4~)~s~(~n~-~2~)~,~n~*~relu~",
    "conv1~-~(~4~*~c~)~,~resize~(~h~/~2~)~x~(~w~/~4~)~,~chpad~-~(~c~*~5~)~",
    "f~=~conv3~-~8~,~relu~\ng~(~a~=~f~,~b~=~2~)~=~b~*~a~\ng~,~g~(~bn~)~,~g~(~b~=~1~)~,~2~*~g~(~f~,~"
    "3~)~",
    "r~=~relu~;~b~(~x~=~2~*~bn~)~=~x~;~r~,~b~,~b~(~r~)~,~b~(~x~=~3~*~r~)~",
    "LRN~,~soft-max~,~pixshuf~1~,~ln~,~in~,~scale~,~droppath~0.25~",
};

/* A list with a text for each "~"; false when it is too long. */
static void fill(char *out, size_t size, const char *list, const char *blank)
{
    size_t n = 0;
    for (; *list != '\0'; list++) {
        const char *piece = *list == '~' ? blank : (const char[]){*list, '\0'};
        assert_true(n + strlen(piece) < size);
        strcpy(out + n, piece);
        n += strlen(piece);
    }
}

static void blanks_change_nothing(void **state)
{
    (void)state;
    static const char *const blanks[] = {" ", "\t", "  ", "\t \t"};
    int failed = 0;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        char text[2000];
        fill(text, sizeof text, lists[i], "");
        reading r = read_list(NULL, text);
        cnn_writer to = sink_open(&plain);
        EXPECT(failed, r.done && cnn_network_write(&r.net, &to), "%s: %s", text,
               cnn_error_id(&r.err));
        reading_free(&r);
        for (size_t k = 0; k < LENGTH(blanks); k++) {
            fill(text, sizeof text, lists[i], blanks[k]);
            r = read_list(NULL, text);
            to = sink_open(&spread);
            EXPECT(failed, r.done && cnn_network_write(&r.net, &to), "%s: %s, %d", text,
                   cnn_error_id(&r.err), (int)r.err.span.begin);
            EXPECT(failed, strcmp(plain.data, spread.data) == 0, "%s: %s", text, spread.data);
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
}

/* read_text_list puts the end of the text where its page ends. */
static void lists_end_where_they_end(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        char text[2000];
        fill(text, sizeof text, lists[i], i % 2 == 0 ? "" : " ");
        for (size_t size = 0; size <= strlen(text); size++) {
            reading r = read_text_list(NULL, (cnn_text){text, size});
            EXPECT(failed, r.done || (r.err.span.begin <= size && r.err.span.end <= size),
                   "%.*s: %s", (int)size, text, cnn_error_id(&r.err));
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_change_nothing),
        cmocka_unit_test(lists_end_where_they_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
