import XMPP

/// The kinds of findings about registration (XEP-0077).
extension FindingCode {
    static let registrationNotListed = note(
        "register.not-listed",
        "XEP-0077 section 8",
        "The client asks for registration although the features do not list it. Many servers answer all the same, some only after TLS has started."
    )
    static let passwordReturned = warning(
        "register.password.returned",
        "XEP-0077 section 3.1",
        "A server has no reason to send a password to anybody. Whoever sees the packet can log in with it."
    )
    static let dataBeforeLogin = warning(
        "register.data.before-login",
        "XEP-0077 section 3.1",
        "Registration data was given to a client that has not logged in, so to anybody who asks."
    )
    static let personalData = note(
        "register.personal-data",
        "XEP-0077 section 3.1",
        "The packet holds personal data of a user."
    )
    static let captchaFormType = warning(
        "register.captcha.form-type",
        "XEP-0158 section 4",
        "A form of registration keeps its own FORM_TYPE even with a CAPTCHA in it. Clients that look for it do not find the form."
    )
    static let formTypeMissing = note(
        "form.form-type.missing",
        "XEP-0068",
        "A form says by its hidden field FORM_TYPE what it is for. Without it, programs have to guess."
    )
    static let formType = warning(
        "form.type",
        "XEP-0004 section 3.1",
        "A form to be filled in must have the type \"form\"."
    )
    static let submittedType = warning(
        "form.type.submitted",
        "XEP-0004 section 3.1",
        "A form that is filled in must be sent with the type \"submit\"; servers do not look at another one."
    )
    static let registrationKey = note(
        "register.key",
        "XEP-0077 section 7",
        "<key/> was a transaction key of very old software and means nothing any more."
    )
    static let removalOfOther = warning(
        "register.remove.other",
        "XEP-0077 section 3.2",
        "A request to remove an account went to another user. It must go to the client's own server, and removes the client's own account."
    )
    static let removalNotAlone = warning(
        "register.remove.not-alone",
        "XEP-0077 section 3.2",
        "<remove/> must be the only child. With other fields beside it some servers change the password instead."
    )
    static let removalBeforeLogin = warning(
        "register.remove.before-login",
        "XEP-0077 section 3.2",
        "An account can be removed by its logged-in user only."
    )
    static let newPasswordEmpty = warning(
        "register.password.empty-change",
        "XEP-0077 section 3.3",
        "A change to an empty password must not be carried out."
    )
    static let passwordOfOther = warning(
        "register.password.other-user",
        "XEP-0077 section 3.3",
        "Users can change their own password only. With another name some servers try to register an account."
    )
    static let userNameEmpty = warning(
        "register.username.empty",
        "XEP-0077 section 3.1",
        "A user name must not be empty."
    )
    static let userNameInvalid = warning(
        "register.username.invalid",
        "RFC 7622 section 3.3",
        "The name has characters that the local part of an address may not have."
    )
    static let passwordEmpty = warning(
        "register.password.empty",
        "XEP-0077 section 3.1",
        "A password must not be empty."
    )
    static let fieldsAsAttributes = warning(
        "register.fields.attributes",
        "XEP-0077 section 3.1",
        "The fields were written as attributes of <query/>. The server sees an empty query."
    )
    static let formAndFields = warning(
        "register.form-and-fields",
        "XEP-0077 section 4",
        "A form and plain fields exclude each other; which of them counts differs from server to server."
    )
    static let registrationPipelined = note(
        "register.not-awaited",
        "XEP-0077 section 3.1",
        "The client sends its data before the server has told what it wants."
    )
    static let registrationNotAsked = note(
        "register.not-asked",
        "XEP-0077 section 3.1",
        "The client did not ask which fields are required, so it cannot know whether it sends all of them."
    )
    static let fieldsMissing = warning(
        "register.fields.missing",
        "XEP-0077 section 3.1",
        "Fields that were asked for are not sent; the server will most likely refuse."
    )
    static let fieldsExtra = note(
        "register.fields.extra",
        "XEP-0077 section 3.1",
        "Fields are sent that nobody asked for."
    )
    static let passwordEchoed = warning(
        "register.password.echoed",
        "XEP-0077 section 3.3",
        "The error of a password change must not repeat the request, which holds the password."
    )
    static let passwordRepeated = note(
        "register.password.repeated",
        "",
        "The error repeats the request with the password in it. No rule forbids that here, but it shows the password once more."
    )

    static let registration: [FindingCode] = [
        registrationNotListed, passwordReturned, dataBeforeLogin, personalData, captchaFormType, formTypeMissing,
        formType,
        submittedType, registrationKey, removalOfOther, removalNotAlone, removalBeforeLogin, newPasswordEmpty,
        passwordOfOther,
        userNameEmpty, userNameInvalid, passwordEmpty, fieldsAsAttributes, formAndFields, registrationPipelined,
        registrationNotAsked, fieldsMissing, fieldsExtra, passwordEchoed, passwordRepeated, passwordInClear,
    ]
}
