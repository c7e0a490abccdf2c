//! Notifies a customer that an order is ready, with tests that need no account: they mock the API's responses.
//!
//! The first of these commands sends a real message:
//!
//! ```sh
//! CHAT2DESK_TOKEN=… cargo run --package chat2desk-examples --bin tested_with_mocks -- 15550100001 118
//! cargo test --package chat2desk-examples --bin tested_with_mocks
//! ```

use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(phone), Some(order)) = (arguments.next(), arguments.next()) else {
        return Err("usage: tested_with_mocks PHONE ORDER-NUMBER".into());
    };
    match announce(&Chat2Desk::from_env()?, &phone, order.parse()?).await? {
        Notice::Sent(message) => println!("queued as message {message}"),
        Notice::UnknownNumber => println!("no customer has this phone number"),
        Notice::Unreachable => println!("the customer cannot be reached now"),
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Notice {
    /// The id of the message.
    Sent(i64),
    UnknownNumber,
    Unreachable,
}

async fn announce(chat: &Chat2Desk, phone: &str, order: u32) -> Result<Notice, Error> {
    let Some(customer) = chat.find_client(phone).await? else {
        return Ok(Notice::UnknownNumber);
    };
    let text = format!("Your order {order} is ready.");
    let message = SendMessageRequest::builder()
        .client_id(customer.id)
        .text(text);
    match chat.send_message(message).send().await {
        Ok(sent) => Ok(Notice::Sent(sent.data.message_id)),
        Err(error) if error.kind() == chat2desk::ErrorKind::Validation => Ok(Notice::Unreachable),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{Notice, announce};
    use chat2desk::ErrorKind;
    use chat2desk::types::{Client, SendMessageRequest, SendMessageResult};
    use chat2desk_httpmock::httpmock::{Mock, MockServer};
    use chat2desk_httpmock::{MockServerExt, client};

    const PHONE: &str = "15550100001";

    fn customer(server: &MockServer) -> Mock<'_> {
        server.list_clients(|when, then| {
            when.phone(PHONE);
            then.data([Client::builder().id(7).phone(PHONE)]);
        })
    }

    #[tokio::test]
    async fn the_customer_of_the_number_gets_one_message() {
        let server = MockServer::start_async().await;
        let looked_up = customer(&server);
        let sent = server.send_message(|when, then| {
            let text = "Your order 118 is ready.";
            when.body(SendMessageRequest::builder().client_id(7).text(text));
            then.data(SendMessageResult::builder().message_id(9001));
        });
        let chat = client(&server).unwrap();
        let notice = announce(&chat, "+1 555 010-0001", 118).await.unwrap();
        assert_eq!(notice, Notice::Sent(9001));
        looked_up.assert();
        sent.assert();
    }

    #[tokio::test]
    async fn an_unknown_number_gets_no_message() {
        let server = MockServer::start_async().await;
        server.list_clients(|_, then| {
            then.data(Vec::<Client>::new());
        });
        let sent = server.send_message(|_, then| {
            then.error(500, "must not be called");
        });
        let chat = client(&server).unwrap();
        let notice = announce(&chat, PHONE, 118).await.unwrap();
        assert_eq!(notice, Notice::UnknownNumber);
        sent.assert_calls(0);
    }

    #[tokio::test]
    async fn an_unreachable_customer_is_not_an_error_but_a_failed_server_is() {
        for (status, expected) in [
            (400, Ok(Notice::Unreachable)),
            (500, Err(ErrorKind::Server)),
        ] {
            let server = MockServer::start_async().await;
            customer(&server);
            server.send_message(|_, then| {
                then.field_errors(status, [("client", "is not available")]);
            });
            let chat = client(&server).unwrap();
            let notice = announce(&chat, PHONE, 118).await;
            assert_eq!(notice.map_err(|error| error.kind()), expected);
        }
    }
}
